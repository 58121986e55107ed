"""The day from which each integrity code is documented, and the codes that every edition checks.

The dates are those of the register's documentation of its integrity checks. An edition checks the codes documented on its day.
"""

from __future__ import annotations

from datetime import date

DOCUMENTED: dict[str, tuple[str, ...]] = {
    "2018-05-15": (
        "AUTHOR_INSTITUTION_NOT_FOUND",
        "CLINICAL_DOCUMENT_ID_NOT_FOUND",
        "CLINICAL_DOCUMENT_NOT_FOUND",
        "CONDITION_OBSERVATION_ALREADY_EXISTS",
        "CUSTODIAN_NOT_FOUND",
        "ENCOUNTER_ALREADY_EXISTS",
        "EOC_ALREADY_EXISTS",
        "EOC_SELF_REFERENCE",
        "EXTERNAL_CONDITION_OBSERVATION_NOT_FOUND",
        "EXTERNAL_ENCOUNTER_NOT_FOUND",
        "EXTERNAL_EOC_NOT_FOUND",
        "EXTERNAL_EOC_NOT_PART_OF_SET",
        "EXTERNAL_OBSERVATION_ORGANIZER_NOT_FOUND",
        "EXTERNAL_PROCEDURE_NOT_FOUND",
        "INTERNAL_ENCOUNTER_NOT_FOUND",
        "INTERNAL_EOC_NOT_FOUND",
        "MYNDIGHED_CODE_NOT_FOUND",
        "NO_PATIENT_ID_IN_COMMON",
        "OBSERVATION_ORGANIZER_ALREADY_EXISTS",
        "OBSERVATION_ORGANIZER_HAS_NO_REFERENCE",
        "PARENT_DOCUMENT_ID_MISMATCH",
        "PARENT_DOCUMENT_VERSION_MISMATCH",
        "PROCEDURE_ALREADY_EXISTS",
        "SET_ALREADY_EXISTS_AND_NO_RELATED_DOCUMENT",
        "SET_ID_NOT_FOUND",
        "SET_NOT_FOUND",
        "SKS_CODE_NOT_FOUND",
        "SOR_IDENTIFIER_EXPECTED",
        "SOR_IDENTIFIER_INVALID",
        "SOR_ORG_UNIT_NOT_FOUND",
    ),
    "2018-08-14": ("CANNOT_REPLACE_MINOR_WITH_MAIN_CONDITION",),
    "2018-08-23": ("EOC_MARKER_ALREADY_EXISTS",),
    "2018-08-28": (
        "BIRTH_DATES_MISMATCH",
        "CPR_NUMBER_MISSING",
        "GENDERS_MISMATCH",
        "INVALID_CPR_NUMBER",
        "INVALID_CVR_NUMBER",
        "INVALID_REPLACEMENT_CPR_NUMBER",
    ),
    "2018-09-25": (
        "INTERNAL_CONDITION_OBSERVATION_NOT_FOUND",
        "INTERNAL_EOC_MARKER_NOT_FOUND",
        "INTERNAL_PROCEDURE_NOT_FOUND",
    ),
    "2018-12-20": ("EXTERNAL_EPISODE_OF_CARE_MARKER_NOT_FOUND",),
    "2019-01-30": ("ENCOUNTER_ALREADY_HAVE_MAJOR_CONDITION_OBSERVATION",),
    "2019-04-01": (
        "DUPLICATE_DOCUMENT",
        "ENCOUNTER_ALREADY_HAS_MAIN_CONDITION_OBSERVATION",
        "EXTENSION_ALREADY_USED",
    ),
    "2021-09-03": (
        "ALTERNATIVE_IDENTIFIER_WITH_CPR_SYSTEMID_NOT_ALLOWED",
        "CPR_AND_ALTERNATIVE_IDENTIFICATION_NOT_ALLOWED",
        "INVALID_REPLACEMENT_NUMBER",
        "MULTIPLE_ALTERNATIVE_IDENTIFIERS_NOT_ALLOWED",
    ),
    "2022-09-26": ("MALFORMED_DOCUMENT_FOUND",),
    "2023-08-30": ("ELEMENT_CAN_NOT_BE_MOVED_FROM_DELETED_EOC",),
    "2023-08-31": ("WEBSERVICE_CHANGE_NOT_ALLOWED",),
}
"""The codes by the day from which they are documented."""

UNTIL = {"ENCOUNTER_ALREADY_HAVE_MAJOR_CONDITION_OBSERVATION": "2019-03-31"}
"""The last day on which a code is documented."""

_RENAMED = {"ENCOUNTER_ALREADY_HAS_MAIN_CONDITION_OBSERVATION": "ENCOUNTER_ALREADY_HAVE_MAJOR_CONDITION_OBSERVATION"}

STRUCTURAL = frozenset(
    {
        "MALFORMED_DOCUMENT_FOUND",
        "DUPLICATE_DOCUMENT",
        "EXTENSION_ALREADY_USED",
        "EOC_MARKER_ALREADY_EXISTS",
        "INTERNAL_CONDITION_OBSERVATION_NOT_FOUND",
        "INTERNAL_EOC_MARKER_NOT_FOUND",
        "INTERNAL_PROCEDURE_NOT_FOUND",
        "EXTERNAL_EPISODE_OF_CARE_MARKER_NOT_FOUND",
        "ENCOUNTER_ALREADY_HAS_MAIN_CONDITION_OBSERVATION",
        "CANNOT_REPLACE_MINOR_WITH_MAIN_CONDITION",
        "ELEMENT_CAN_NOT_BE_MOVED_FROM_DELETED_EOC",
    }
)
"""The codes that every edition checks, under their later names: without them the register would lose or mix up elements."""


def documented(day: date) -> frozenset[str]:
    """Return the codes that are documented on a day."""
    written = day.isoformat()
    since_then = (code for since, codes in DOCUMENTED.items() if since <= written for code in codes)
    return frozenset(code for code in since_then if written <= UNTIL.get(code, written))


def renamed(code: str) -> str:
    """Return the earlier name of a code, or the code itself."""
    return _RENAMED.get(code, code)


def current(code: str) -> str:
    """Return the name that a code has today."""
    return next((today for today, earlier in _RENAMED.items() if earlier == code), code)
