"""Denmark's municipalities by inhabitants, its regions, and the units that treat people there.

Inhabitants are rounded figures of Statistics Denmark, in thousands. The regions, who report, are the real ones. Their hospitals
and wards are made up (``codes/data/sor_made_up.csv``), so that no real unit appears with treatments that it never gave.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from mockregister.codes.sor import MADE_UP, identifier

UNITS_FROM = MADE_UP[90_000]


@dataclass(frozen=True, slots=True)
class Region:
    """A region: its authority code, who reports for it (SOR id of the owner, CVR number), and its units by what they treat.

    ``units`` has one for each of ``KINDS``.
    """

    code: str
    name: str
    author: str
    custodian: str
    units: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality: its four-digit authority code, its inhabitants in thousands, and a town with its postal code."""

    code: str
    thousands: int
    postal_code: str
    town: str
    region: Region


KINDS = (
    "acute", "medical", "endocrinology", "cardiology", "surgical", "orthopaedic", "birth", "gynaecology", "children", "oncology",
    "audiology", "eye", "psychiatry", "youth_psychiatry",
)  # fmt: skip


def _units(region: int) -> dict[str, str]:
    """Return the made-up wards of a region, which are numbered in the order of ``KINDS``."""
    return {kind: identifier(UNITS_FROM + 100 * region + number) for number, kind in enumerate(KINDS, 1)}


CAPITAL = Region("1084", "Region Hovedstaden", "6111000016004", "29190623", _units(1))
ZEALAND = Region("1085", "Region Sjælland", "6101000016001", "29190658", _units(2))
SOUTH = Region("1083", "Region Syddanmark", "6061000016003", "29190909", _units(3))
CENTRAL = Region("1082", "Region Midtjylland", "6081000016005", "29190925", _units(4))
NORTH = Region("1081", "Region Nordjylland", "6071000016008", "29190941", _units(5))
REGIONS = (CAPITAL, ZEALAND, SOUTH, CENTRAL, NORTH)


@dataclass(frozen=True, slots=True)
class PrivateHospital:
    """A private hospital that a region pays, known by the SOR id of its ward."""

    name: str
    unit: str
    custodian: str


PRIVATE_HOSPITAL = PrivateHospital("Privathospitalet Lindeparken", identifier(UNITS_FROM + 902), "99999985")

AUTHORS = {
    **{candidate.author: candidate.name for candidate in REGIONS},
    PRIVATE_HOSPITAL.unit: PRIVATE_HOSPITAL.name,
}  # names by SOR id

_MUNICIPALITIES = (
    (CAPITAL, """
        0101 660 1550 København V;0147 105 2000 Frederiksberg;0151 52 2750 Ballerup;0153 39 2605 Brøndby;0155 15 2791 Dragør
        0157 75 2900 Hellerup;0159 69 2860 Søborg;0161 24 2600 Glostrup;0163 29 2730 Herlev;0165 28 2620 Albertslund
        0167 54 2650 Hvidovre;0169 57 2630 Taastrup;0173 58 2800 Kongens Lyngby;0175 43 2610 Rødovre;0183 24 2635 Ishøj
        0185 43 2770 Kastrup;0187 17 2625 Vallensbæk;0190 42 3500 Værløse;0201 26 3450 Allerød;0210 41 2980 Kokkedal
        0217 64 3000 Helsingør;0219 54 3400 Hillerød;0223 24 2970 Hørsholm;0230 57 2840 Holte;0240 45 3660 Stenløse
        0250 46 3600 Frederikssund;0260 32 3390 Hundested;0270 41 3230 Græsted;0400 39 3700 Rønne
    """),
    (ZEALAND, """
        0253 53 2670 Greve;0259 62 4600 Køge;0265 91 4000 Roskilde;0269 25 2680 Solrød Strand;0306 33 4500 Nykøbing Sj
        0316 74 4300 Holbæk;0320 37 4690 Haslev;0326 49 4400 Kalundborg;0329 35 4100 Ringsted;0330 79 4200 Slagelse
        0336 23 4660 Store Heddinge;0340 30 4180 Sorø;0350 29 4320 Lejre;0360 40 4930 Maribo;0370 84 4700 Næstved
        0376 60 4800 Nykøbing F;0390 45 4760 Vordingborg
    """),
    (SOUTH, """
        0410 40 5500 Middelfart;0420 41 5610 Assens;0430 52 5600 Faaborg;0440 24 5300 Kerteminde;0450 32 5800 Nyborg
        0461 208 5000 Odense C;0479 59 5700 Svendborg;0480 30 5400 Bogense;0482 12 5900 Rudkøbing;0492 6 5970 Ærøskøbing
        0510 55 6100 Haderslev;0530 27 7190 Billund;0540 73 6400 Sønderborg;0550 37 6270 Tønder;0561 116 6700 Esbjerg
        0563 3 6720 Fanø;0573 50 6800 Varde;0575 43 6600 Vejen;0580 59 6200 Aabenraa;0607 53 7000 Fredericia
        0621 95 6000 Kolding;0630 121 7100 Vejle
    """),
    (CENTRAL, """
        0615 97 8700 Horsens;0657 90 7400 Herning;0661 60 7500 Holstebro;0665 19 7620 Lemvig;0671 21 7600 Struer
        0706 45 8400 Ebeltoft;0707 37 8500 Grenaa;0710 49 8450 Hammel;0727 24 8300 Odder;0730 100 8900 Randers C
        0740 101 8600 Silkeborg;0741 4 8305 Samsø;0746 66 8660 Skanderborg;0751 367 8000 Aarhus C;0756 43 7430 Ikast
        0760 56 6950 Ringkøbing;0766 49 8722 Hedensted;0779 45 7800 Skive;0791 97 8800 Viborg
    """),
    (NORTH, """
        0773 20 7900 Nykøbing M;0787 43 7700 Thisted;0810 37 9700 Brønderslev;0813 59 9900 Frederikshavn;0820 36 9600 Aars
        0825 2 9940 Læsø;0840 31 9530 Støvring;0846 42 9500 Hobro;0849 38 9440 Aabybro;0851 223 9000 Aalborg
        0860 64 9800 Hjørring
    """),
)  # fmt: skip


MUNICIPALITIES = tuple(
    Municipality(code, int(thousands), postal_code, town, region)
    for region, text in _MUNICIPALITIES
    for line in text.strip().replace("\n", ";").split(";")
    for code, thousands, postal_code, town in [line.strip().split(" ", 3)]
)
_INHABITANTS = [municipality.thousands for municipality in MUNICIPALITIES]


def home(random: Random) -> Municipality:
    """Return a random municipality, large ones more often."""
    return random.choices(MUNICIPALITIES, _INHABITANTS)[0]
