"""Read the header of a document: patient, author, custodian, and parent document.

A ``Summary`` holds what is enough to find a document again, whatever else is wrong with it.
"""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from mockregister import safexml
from mockregister.document import templates as t
from mockregister.document.markup import (
    ADDRESS,
    ID,
    SET_ID,
    TIME,
    VERSION_NUMBER,
    attribute,
    below,
    cda,
    first,
    moment,
    number,
    templates,
    text,
)
from mockregister.document.places import Places, document_id
from mockregister.document.values import own_id, period
from mockregister.errors import UnreadableDocument
from mockregister.model import (
    CPR,
    Author,
    Identifier,
    ParentDocument,
    Patient,
    PersonName,
    Relation,
    Residence,
    SentDocument,
)
from mockregister.sharing import shared

_AUTHOR = cda("author")
_AUTHOR_UNIT = (_AUTHOR, cda("assignedAuthor"), cda("representedOrganization"), ID)
_BIRTH_TIME = cda("birthTime")
_CITY = cda("city")
_COUNTRY = cda("country")
_COUNTY = cda("county")
_CPR_LENGTH = 10
_FAMILY = cda("family")
_GENDER = cda("administrativeGenderCode")
_GIVEN = cda("given")
_PARENT_DOCUMENT = cda("parentDocument")
_PATIENT_ROLE = cda("patientRole")
_PERSON = cda("patient")
_PERSON_NAME = cda("name")
_POSTAL_CODE = cda("postalCode")
_PREFIX = cda("prefix")
_RECORD_TARGET = cda("recordTarget")
_RELATED_DOCUMENT = cda("relatedDocument")
_STREET_LINE = cda("streetAddressLine")
_USEABLE_PERIOD = cda("useablePeriod")
#: The way to the id of the reporting authority, template .103.
CUSTODIAN_ID = tuple(cda(name) for name in ("custodian", "assignedCustodian", "representedCustodianOrganization", "id"))
_PATIENT_ID = (_RECORD_TARGET, _PATIENT_ROLE, ID)
_WITH_CPR = {t.CPR_IDENTIFIED_PATIENT_ROLE, t.CPR_AND_ALTERNATIVELY_IDENTIFIED_PATIENT_ROLE}


def patient(root: etree._Element, places: Places) -> Patient:
    """Return the patient, templates .101 with .106, .107 or .133."""
    role = first(root, _RECORD_TARGET, _PATIENT_ROLE)
    if role is None:
        return places.put(Patient(), root)
    cpr, alternatives = _identities(role)
    person = first(role, _PERSON)
    gender, birth = first(person, _GENDER), first(person, _BIRTH_TIME)
    read = Patient(
        cpr=attribute(cpr, "extension"),
        alternative_ids=tuple(
            places.put(Identifier(alternative.get("root", ""), alternative.get("extension", "")), alternative)
            for alternative in alternatives
        ),
        name=_name(first(person, _PERSON_NAME)),
        gender=attribute(gender, "code"),
        birth_time=moment(birth),
        residences=tuple(_residence(child, places) for child in role.iterchildren(ADDRESS)),
    )
    return places.put(read, role, cpr=cpr, gender=gender, birth_time=birth)


def _identities(role: etree._Element) -> tuple[etree._Element | None, list[etree._Element]]:
    """Return the id that is the CPR number, and the alternative ids.

    Role .107 alone has no CPR number, whatever system its ids claim. Of several ids that claim to be CPR numbers, the one with
    the length of a CPR number is taken.
    """
    ids = [child for child in role.iterchildren(ID) if child.get("extension") or child.get("root")]
    kinds = templates(role)
    is_without = t.ALTERNATIVELY_IDENTIFIED_PATIENT_ROLE in kinds and _WITH_CPR.isdisjoint(kinds)
    claiming = [] if is_without else [identifier for identifier in ids if identifier.get("root") == CPR]
    claiming.sort(key=lambda identifier: len(identifier.get("extension", "")) != _CPR_LENGTH)
    cpr = claiming[0] if claiming else None
    return cpr, [identifier for identifier in ids if identifier is not cpr]


def _name(element: etree._Element | None) -> PersonName | None:
    """Return a name; None if all its parts are null."""
    if element is None:
        return None
    given = tuple(part for part in map(text, element.iterchildren(_GIVEN)) if part)
    name = PersonName(text(first(element, _FAMILY)), given, text(first(element, _PREFIX)))
    return name if name != PersonName() else None


def _residence(address: etree._Element, places: Places) -> Residence:
    """Return an unofficial residence, template .127."""
    start, end = period(address, _USEABLE_PERIOD)
    municipality, country = first(address, _COUNTY), first(address, _COUNTRY)
    residence = Residence(
        street=tuple(line for line in map(text, address.iterchildren(_STREET_LINE)) if line),
        postal_code=shared(text(first(address, _POSTAL_CODE))),
        city=shared(text(first(address, _CITY))),
        municipality=shared(text(municipality)),
        country=shared(text(country)),
        use=address.get("use", ""),
        start=start,
        end=end,
    )
    return places.put(residence, address, municipality=municipality, country=country)


def author(root: etree._Element, places: Places) -> Author:
    """Return the author of the document, template .102."""
    element = first(root, _AUTHOR)
    if element is None:
        return places.put(Author(""), root)
    unit = first(root, *_AUTHOR_UNIT)
    return places.put(Author(shared(attribute(unit, "extension")), moment(first(element, TIME))), element, unit=unit)


def parent(root: etree._Element, places: Places) -> ParentDocument | None:
    """Return the parent document, template .111; None if there is none."""
    related = first(root, _RELATED_DOCUMENT)
    document = first(related, _PARENT_DOCUMENT)
    if related is None or document is None:
        return None
    relation = Relation.REPLACE if related.get("typeCode") == "RPLC" else Relation.APPEND
    set_id, version = first(document, SET_ID), first(document, VERSION_NUMBER)
    read = ParentDocument(relation, own_id(document, places), attribute(set_id, "root"), number(version))
    return places.put(read, document, relation=related, set_id=set_id, version=version)


@dataclass(frozen=True, slots=True)
class Summary:
    """A document's id (as an answer's ``location`` writes it), its set, the extensions of its patient's ids, and who reported it.

    ``author_units`` are SOR ids, ``custodian`` is a CVR number. What the document does not say is empty; for bytes that are not
    XML, everything is empty.
    """

    id: str = ""
    set_id: str = ""
    patients: tuple[str, ...] = ()
    author_units: tuple[str, ...] = ()
    custodian: str = ""


def summarize(content: bytes) -> Summary:
    """Return the summary of the document with these bytes."""
    return summary_of(SentDocument("", content))


def summary_of(document: SentDocument) -> Summary:
    """Return the summary of a document."""
    try:
        root = document.root
    except UnreadableDocument:
        return Summary()
    return Summary(
        id=document_id(root),
        set_id=attribute(first(root, SET_ID), "root"),
        patients=tuple(filter(None, (attribute(element, "extension") for element in below(root, *_PATIENT_ID)))),
        author_units=tuple(filter(None, (attribute(element, "extension") for element in below(root, *_AUTHOR_UNIT)))),
        custodian=attribute(first(root, *CUSTODIAN_ID), "extension"),
    )


def is_about(content: bytes, patient: str) -> bool:
    """Return whether a document names the patient by this ``root^extension``, in any letter case."""
    try:
        ids = below(safexml.parse(content), *_PATIENT_ID)
    except UnreadableDocument:
        return False
    return any(
        f"{attribute(identifier, 'root')}^{attribute(identifier, 'extension')}".lower() == patient.lower() for identifier in ids
    )
