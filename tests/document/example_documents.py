"""The example documents of the package: three reports about one synthetic patient, in the order in which they are sent.

Run ``python -m tests.document.example_documents`` after a change of the writer or the model to write them again.
"""

from __future__ import annotations

from pathlib import Path

import mockregister.document
from mockregister.document import writer
from mockregister.model import ClinicalDocument, Code, EntryKind
from tests.builders import (
    a_condition,
    a_document,
    a_minor_condition,
    a_patient,
    a_payment,
    a_procedure,
    a_referral,
    a_referral_reason,
    a_residence,
    a_stay,
    an_encounter,
    an_episode,
    at,
    external,
    internal,
    the_next_document,
)

FOLDER = Path(mockregister.document.__file__).parent / "examples"

PATIENT = a_patient(residences=(a_residence(start=at("2019-03-01")),))
VISIT = {"start": at("2019-05-02 08:00"), "end": at("2019-05-02 12:00")}
CONTROL = {"start": at("2019-05-23 09:00"), "end": at("2019-05-23 09:45")}


def first_visit() -> ClinicalDocument:
    """Return a document with a referral, the episode of care that it opened, and a visit with a diagnosis and an examination."""
    return a_document(
        title="Første besøg: forhøjet blodtryk",
        patient=PATIENT,
        effective_time=at("2019-05-02 13:00"),
        episodes=[an_episode(referral=a_referral(reason=a_referral_reason("DR030")))],
        encounters=[an_encounter(treatment_start=at("2019-05-02 08:20"), **VISIT)],
        procedures=[a_procedure(code=Code("UXUC80", "Transtorakal ekkokardiografi"))],
        conditions=[a_condition(), a_minor_condition(code=Code("DE119", "Type 2-diabetes uden komplikationer"))],
    )


def second_visit() -> ClinicalDocument:
    """Return an addendum with a control visit of the same episode of care."""
    on_the_episode = external(EntryKind.EPISODE_OF_CARE, "episode")
    at_the_control = internal(EntryKind.ENCOUNTER, "control")
    return the_next_document(
        title="Kontrol",
        patient=PATIENT,
        effective_time=at("2019-05-23 10:30"),
        encounters=[
            an_encounter("control", episode=on_the_episode, stays=[a_stay(**CONTROL)], payments=[a_payment(**CONTROL)], **CONTROL)
        ],
        conditions=[a_condition("condition at the control", encounter=at_the_control)],
    )


def correction() -> ClinicalDocument:
    """Return a replacement in which the first visit ends earlier. The control visit is left out, which removes it."""
    early = {"start": at("2019-05-02 08:00"), "end": at("2019-05-02 11:30")}
    visit = an_encounter(
        episode=external(EntryKind.EPISODE_OF_CARE, "episode"),
        stays=[a_stay(**early)],
        payments=[a_payment(**early)],
        replaces=external(EntryKind.ENCOUNTER, "encounter"),
        **early,
    )
    return the_next_document(
        version=3, title="Rettelse", patient=PATIENT, effective_time=at("2019-05-24 09:00"), encounters=[visit]
    )


EXAMPLES = {"1-first-visit.xml": first_visit, "2-control-visit.xml": second_visit, "3-correction.xml": correction}


if __name__ == "__main__":
    for name, document in EXAMPLES.items():
        (FOLDER / name).write_bytes(writer.write(document()))
