"""Nullified entries (sletninger)."""

from mockregister.validation.profile.notation import declared

TEMPLATES = declared("""
DKNullifyAct 1.2.208.176.7.1.10.118 2018-04-18 anywhere -> Nullification
  "Nullifies an entry, and the entries that belong to it (sletning)."
  act @classCode=ACT @moodCode=EVN
    templateId 1.2.208.176.7.1.10.118 2.16.840.1.113883.10.12.301
    code 1..1 R CD @nullFlavor=NA
    statusCode 1..1 M CS @code=nullified
    reference 1..1 M include DKExternalReplacementReferenceBody

DKExternalReplacementReferenceBody 1.2.208.176.7.1.10.117 2017-09-13 -> Nullification
  "The entry that is nullified, which may be of any kind."
  @typeCode=RPLC
  templateId 1.2.208.176.7.1.10.117 2.16.840.1.113883.10.12.324
  choice 1..1
    include DKExternalEpisodeOfCareAct 0..1
    include DKExternalEncounterAct 0..1
    include DKExternalProcedureAct 0..1
    include DKExternalProcedureObservation 0..1
    include DKExternalProcedureProcedure 0..1
    include DKExternalConditionObservation 0..1
    include DKExternalObservationOrganizerEntryAct 0..1
""")
