"""Denmark's municipalities by inhabitants, its regions, and the units that treat people there.

Inhabitants are rounded figures of Statistics Denmark, in thousands. Units are real SOR ids that the built-in table has, with
the names known of them; what a unit does here is chosen by its name, or at random where the table knows none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Region:
    """A region: its authority code, who reports for it (SOR id of the owner, CVR number), and its units by what they treat.

    ``units`` has acute, medical, surgical, orthopaedic, birth, gynaecology, children, oncology, psychiatry, audiology and eye.
    """

    code: str
    name: str
    author: str
    custodian: str
    units: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Municipality:
    """A municipality: its four-digit authority code, thousands of inhabitants, and a town with its postal code."""

    code: str
    thousands: int
    postal_code: str
    town: str
    region: Region


KINDS = (
    "acute", "medical", "surgical", "orthopaedic", "birth", "gynaecology", "children", "oncology", "psychiatry", "audiology",
    "eye",
)  # fmt: skip


def _units(*ids: str) -> dict[str, str]:
    return dict(zip(KINDS, ids, strict=True))


CAPITAL = Region(
    "1084", "Region Hovedstaden", "6111000016004", "29190623",
    _units(
        "252971000016005", "252451000016009", "252981000016007", "253091000016003", "264671000016001", "264711000016000",
        "219031000016006", "264791000016007", "262671000016009", "253131000016000", "256641000016005",
    ),
)  # fmt: skip
ZEALAND = Region(
    "1085", "Region Sjælland", "6101000016001", "29190658",
    _units(
        "223181000016000", "227011000016003", "235621000016009", "223611000016002", "222641000016008", "226531000016003",
        "229451000016004", "229611000016000", "235631000016006", "229601000016002", "230081000016006",
    ),
)  # fmt: skip
SOUTH = Region(
    "1083", "Region Syddanmark", "6061000016003", "29190909",
    _units(
        "246501000016005", "239841000016002", "239391000016000", "239991000016001", "246971000016008", "238741000016001",
        "245981000016002", "240141000016000", "243911000016006", "240131000016007", "241151000016006",
    ),
)  # fmt: skip
CENTRAL = Region(
    "1082", "Region Midtjylland", "6081000016005", "29190925",
    _units(
        "404261000016009", "453121000016001", "455671000016006", "440061000016004", "453211000016004", "271221000016006",
        "271231000016008", "440101000016002", "391151000016008", "440091000016008", "266011000016007",
    ),
)  # fmt: skip
NORTH = Region(
    "1081", "Region Nordjylland", "6071000016008", "29190941",
    _units(
        "276231000016004", "275941000016009", "276441000016005", "276371000016005", "275611000016002", "275641000016001",
        "277171000016009", "276021000016009", "278131000016006", "276001000016002", "276011000016000",
    ),
)  # fmt: skip
REGIONS = (CAPITAL, ZEALAND, SOUTH, CENTRAL, NORTH)


@dataclass(frozen=True, slots=True)
class PrivateHospital:
    """A private hospital that a region pays, known by the SOR id of its ward."""

    name: str
    unit: str
    custodian: str


PRIVATE_HOSPITAL = PrivateHospital("Aleris-Hamlet", "291651000016009", "71017516")

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


def _read(line: str, region: Region) -> Municipality:
    code, thousands, postal_code, town = line.strip().split(" ", 3)
    return Municipality(code, int(thousands), postal_code, town, region)


MUNICIPALITIES = tuple(
    _read(line, region) for region, text in _MUNICIPALITIES for line in text.strip().replace("\n", ";").split(";")
)
_INHABITANTS = [municipality.thousands for municipality in MUNICIPALITIES]


def home(random: Random) -> Municipality:
    """Return where someone lives, large municipalities more often."""
    return random.choices(MUNICIPALITIES, _INHABITANTS)[0]
