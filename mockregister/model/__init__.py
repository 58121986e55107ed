"""The register's logical model and what is submitted: frozen dataclasses, without input or output.

CDA, JSON, the store, the rules and the seeds all use these. Times are datetimes with an offset, texts are as sent, an absent
text is empty, an absent object is None. SOR ids, CVR and CPR numbers are plain strings.
"""

from mockregister.model.condition import Condition
from mockregister.model.document import ClinicalDocument, Entry
from mockregister.model.encounter import Encounter, Payment, Stay
from mockregister.model.episode import EpisodeLink, EpisodeOfCare, Marker, Referral, ReferralReason
from mockregister.model.patient import Author, Patient, PersonName, Residence
from mockregister.model.procedure import Indication, Procedure
from mockregister.model.reference import Nullification, ParentDocument, Relation
from mockregister.model.result import ObservationOrganizer, Result
from mockregister.model.submission import AuthorInstitution, SentDocument, Submission
from mockregister.model.tree import ConditionNode, EncounterNode, EpisodeTree, OrganizerNode, ProcedureNode
from mockregister.model.values import (
    CPR,
    CVR,
    SKS,
    SOR,
    Code,
    EntryKind,
    Identifier,
    Period,
    ProcedureForm,
    Reference,
    Scope,
)

__all__ = [
    "CPR",
    "CVR",
    "SKS",
    "SOR",
    "Author",
    "AuthorInstitution",
    "ClinicalDocument",
    "Code",
    "Condition",
    "ConditionNode",
    "Encounter",
    "EncounterNode",
    "Entry",
    "EntryKind",
    "EpisodeLink",
    "EpisodeOfCare",
    "EpisodeTree",
    "Identifier",
    "Indication",
    "Marker",
    "Nullification",
    "ObservationOrganizer",
    "OrganizerNode",
    "ParentDocument",
    "Patient",
    "Payment",
    "Period",
    "PersonName",
    "Procedure",
    "ProcedureForm",
    "ProcedureNode",
    "Reference",
    "Referral",
    "ReferralReason",
    "Relation",
    "Residence",
    "Result",
    "Scope",
    "SentDocument",
    "Stay",
    "Submission",
]
