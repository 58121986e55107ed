"""What a sender can do with a register: one function for each operation.

Each document or tuple of documents that a function yields is one submission.
The pages of the cookbook (docs/cookbook/) are made from these functions: docstring, code and documents. A test sends the
documents of each to a register over HTTP.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from mockregister.builders.documents import (
    a_correction,
    a_move,
    a_nullifying_document,
    a_replacement,
    a_visit,
    an_addendum,
    an_admission,
    shortened,
    to,
    with_new_ids,
)
from mockregister.builders.elements import (
    a_condition,
    a_marker,
    a_patient,
    an_alternatively_identified_patient,
    an_episode,
    an_id,
    at,
)
from mockregister.builders.reports import a_report
from mockregister.builders.terms import sks
from mockregister.model import ClinicalDocument

Submissions = Iterator[ClinicalDocument | tuple[ClinicalDocument, ...]]


def first_report() -> Submissions:
    """Report a visit for the first time.

    The first document of a set states an episode of care (forløbselement), an encounter (kontakt) on it, and the conditions
    and procedures of the encounter. The encounter has ended, so it needs a main condition (aktionsdiagnose).
    """
    yield a_visit(main_condition="DI109", minor_conditions=["DE119"], procedures=["UXUC80"])


def admission_and_discharge() -> Submissions:
    """Report an admission while the patient is there, and the discharge later.

    The encounter is sent without an end first. The second document corrects it: the encounter ends, and with it its last stay
    and payment. Everything else about the encounter is repeated, because a correction replaces the whole entry.
    """
    admission = an_admission(main_condition="DJ189", end=None)
    yield admission
    discharged = shortened(admission.encounters[0], end="2019-05-06 11:00")
    yield a_correction(admission, discharged, effective_time=at("2019-05-06 12:00"))


def addendum() -> Submissions:
    """Add a visit to an episode of care.

    An APND document follows the latest document of its set, and names the id and version of that document. The new encounter
    belongs to an episode of care that the set already has, and names it with an external reference.
    """
    visit = a_visit()
    yield visit
    yield an_addendum(visit, main_condition="DI109", start="2019-05-23 09:00", end="2019-05-23 09:45")


def correction() -> Submissions:
    """Correct an encounter.

    In an APND document, the encounter is stated again under the id that it has, with a reference RPLC to itself. It is replaced
    as a whole: what is left out is removed. Conditions, procedures and reports of the encounter stay.
    """
    visit = a_visit()
    yield visit
    yield a_correction(visit, shortened(visit.encounters[0], end="2019-05-02 11:30"))


def correction_of_a_condition() -> Submissions:
    """Correct a condition.

    A condition keeps its id, too, when its code is corrected.
    """
    visit = a_visit(main_condition="DI109")
    yield visit
    yield a_correction(visit, replace(visit.conditions[0], code=sks("DI159")))


def replacement() -> Submissions:
    """Replace everything that a set holds.

    An RPLC document replaces everything that the set ever held. What it does not state is removed; ids of the set may be used
    again. Here the minor condition is removed.
    """
    visit = a_visit(minor_conditions=["DE119"])
    yield visit
    yield a_replacement(visit, *visit.episodes, *visit.encounters, visit.conditions[0])


def emptying_a_set() -> Submissions:
    """Empty a set.

    An RPLC document without entries leaves nothing. CDA requires a section, so the document has an empty nullify section.
    """
    visit = a_visit()
    yield visit
    yield a_replacement(visit)


def nullify_an_episode_of_care() -> Submissions:
    """Nullify an episode of care.

    Its encounters, and everything that belongs to them, are nullified with it. Their ids cannot be used again.
    """
    visit = a_visit()
    yield visit
    yield a_nullifying_document(visit, visit.episodes[0])


def nullify_an_encounter() -> Submissions:
    """Nullify an encounter.

    Its conditions, procedures and result reports are nullified with it; the episode of care stays.
    """
    visit = a_visit(procedures=["UXUC80"])
    yield visit
    yield a_nullifying_document(visit, visit.encounters[0])


def nullify_a_condition() -> Submissions:
    """Nullify a condition.

    A minor condition (bidiagnose) can be nullified alone.
    """
    visit = a_visit(minor_conditions=["DE119"])
    yield visit
    yield a_nullifying_document(visit, visit.conditions[1])


def nullify_a_main_condition() -> Submissions:
    """Nullify a main condition, and report another.

    An encounter that has ended needs exactly one main condition. So the document that nullifies the old one also states the
    new one, under an id of its own.
    """
    visit = a_visit(main_condition="DI109")
    yield visit
    other = a_condition("other condition", code=sks("DI159"))
    yield replace(an_addendum(visit, other), nullified=a_nullifying_document(visit, visit.conditions[0]).nullified)


def nullify_a_procedure() -> Submissions:
    """Nullify a procedure.

    The reference has the form in which the procedure was sent: procedure, observation or act.
    """
    visit = a_visit(procedures=["UXUC80"])
    yield visit
    yield a_nullifying_document(visit, visit.procedures[0])


def nullify_a_result_report() -> Submissions:
    """Nullify a result report.

    Here it turns out that the encounter was not an accident. The document nullifies the report and corrects the
    encounter's reason (kontaktårsag), because the reason accident requires a report.
    """
    visit = a_report("RAA05")
    yield visit
    illness = replace(visit.encounters[0], reason=sks("ALCC01"))
    nullified = a_nullifying_document(visit, visit.organizers[0]).nullified
    yield replace(a_correction(visit, illness), nullified=nullified)


def remove_a_marker() -> Submissions:
    """Put a marker on an episode of care, and remove it.

    A marker (forløbsmarkør) is part of its episode of care. A correction of the episode states the markers that it has; a
    marker that is left out is removed. A nullify section cannot name a marker.
    """
    visit = a_visit()
    yield visit
    marked = a_correction(visit, replace(visit.episodes[0], markers=(a_marker(),)))
    yield marked
    yield a_correction(marked, visit.episodes[0])


def move_within_a_set() -> Submissions:
    """Move an encounter to another episode of care of its set.

    The encounter is corrected: it keeps its id, and belongs to the other episode of care. Its conditions, procedures
    and reports move with it.
    """
    visit = a_visit()
    yield visit
    other = an_addendum(visit, an_episode("other episode", start=at("2019-05-01 09:00")))
    yield other
    yield a_move(other, visit.encounters[0], onto=other.episodes[0])


def move_to_a_new_episode() -> Submissions:
    """Move an encounter to a new episode of care, in one document.

    The document states the new episode of care, to which the encounter refers with an internal reference.
    """
    visit = a_visit()
    yield visit
    yield a_move(visit, visit.encounters[0], onto=an_episode("new episode", start=at("2019-05-01 09:00")))


def move_between_sets() -> Submissions:
    """Move an encounter from one set to another.

    An id belongs to its set forever. So the encounter is nullified in one set and stated in the other under new ids, with its
    conditions, procedures and reports. Both documents are one submission: either both are stored, or neither.
    """
    visit = a_visit()
    (other,) = with_new_ids(an_admission(start="2019-05-01 14:30"), seed="other set")
    yield visit
    yield other
    encounter = replace(visit.encounters[0], id=an_id("moved encounter", other.set_id), episode=to(other.episodes[0]))
    condition = replace(visit.conditions[0], id=an_id("moved condition", other.set_id), encounter=to(encounter))
    yield a_nullifying_document(visit, visit.encounters[0]), an_addendum(other, encounter, condition)


def alternative_id_to_cpr() -> Submissions:
    """Tie the alternative id of a patient to a CPR number.

    A patient without a CPR number has an alternative id, with name, sex and residence. When the CPR number is known, a document
    with both ids ties them together; here it adds a visit.
    """
    unknown = an_alternatively_identified_patient("2512480AG1")
    visit = a_visit(patient=unknown)
    yield visit
    known = replace(unknown, cpr="2512489996")
    yield an_addendum(visit, patient=known)


def several_documents() -> Submissions:
    """Send several documents in one submission.

    The documents are validated one after the other, and either all of them are stored or none. A later document may follow an
    earlier one.
    """
    visit = a_visit(patient=a_patient("2512489996"))
    (admission,) = with_new_ids(an_admission(), seed="admission")
    yield visit, an_addendum(visit), admission


OPERATIONS: tuple[Callable[[], Submissions], ...] = (
    first_report,
    admission_and_discharge,
    addendum,
    correction,
    correction_of_a_condition,
    replacement,
    emptying_a_set,
    nullify_an_episode_of_care,
    nullify_an_encounter,
    nullify_a_condition,
    nullify_a_main_condition,
    nullify_a_procedure,
    nullify_a_result_report,
    remove_a_marker,
    move_within_a_set,
    move_to_a_new_episode,
    move_between_sets,
    alternative_id_to_cpr,
    several_documents,
)
