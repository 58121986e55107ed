"""Danish names by their frequency, and names of roads that do not exist.

The frequencies are rounded figures of Statistics Denmark, in thousands of bearers; given names have frequencies by generation,
so that Bodil is old and Alma is young. A full name is put together at random.
"""

from __future__ import annotations

from collections.abc import Mapping
from random import Random

from mockregister.model import PersonName


def _frequencies(text: str) -> dict[str, int]:
    """Return the names and numbers in ``Name 12 Name 7 …`` as a mapping."""
    words = text.split()
    return {name: int(count) for name, count in zip(words[::2], words[1::2], strict=True)}


FAMILY = _frequencies(
    "Nielsen 230 Jensen 227 Hansen 190 Andersen 144 Pedersen 143 Christensen 110 Larsen 104 Sørensen 100 Rasmussen 88 "
    "Jørgensen 80 Petersen 70 Madsen 58 Kristensen 56 Olsen 44 Thomsen 36 Christiansen 33 Poulsen 29 Johansen 28 Møller 28 "
    "Mortensen 27 Knudsen 26 Jakobsen 25 Jacobsen 24 Mikkelsen 23 Frederiksen 22 Olesen 22 Laursen 21 Henriksen 20 Lund 20 "
    "Schmidt 18 Eriksen 18 Holm 17 Kristiansen 17 Clausen 16 Simonsen 15 Svendsen 14 Andreasen 14 Iversen 13 Dam 8 Bak 7 "
    "Ahmed 6 Nguyen 6 Ali 5 Winther 5 Kjær 9 Bech 7 Dahl 9 Krogh 6 Friis 7 Vestergaard 8"
)

GIVEN = {
    ("F", 1900): _frequencies(
        "Kirsten 34 Inge 22 Karen 26 Birthe 14 Hanne 28 Inger 18 Jytte 12 Bodil 9 Ellen 8 Grethe 8 Ruth 7 Else 8 Lis 11 Bente 19"
    ),
    ("F", 1956): _frequencies(
        "Mette 35 Anne 33 Helle 31 Susanne 29 Lene 28 Marianne 20 Lone 19 Tina 18 Pia 17 Charlotte 20 Gitte 17 Rikke 16 Trine 12"
    ),
    ("F", 1985): _frequencies(
        "Camilla 15 Maria 14 Louise 14 Sofie 12 Julie 13 Line 10 Cecilie 11 Emma 10 Ida 11 Mathilde 9 Laura 11 Fatima 3 Sara 9"
    ),
    ("F", 2008): _frequencies("Alma 6 Ida 8 Freja 8 Emma 8 Clara 6 Sofia 7 Ella 7 Agnes 6 Nora 6 Asta 4 Karla 5 Isabella 6"),
    ("M", 1900): _frequencies(
        "Jørgen 25 Hans 26 Poul 15 Erik 22 Niels 24 Knud 11 Svend 10 Børge 6 Kaj 6 Bent 16 Ole 24 Per 24 Finn 12 Kurt 11"
    ),
    ("M", 1956): _frequencies(
        "Lars 38 Michael 36 Henrik 35 Thomas 32 Søren 31 Peter 30 Jan 29 Jesper 28 Martin 25 Kim 18 Torben 16 Brian 14 Claus 14"
    ),
    ("M", 1985): _frequencies(
        "Christian 18 Rasmus 16 Mads 16 Kasper 13 Jonas 13 Mikkel 13 Nicolai 9 Emil 12 Frederik 14 Mathias 13 Ali 4 Mohammed 5"
    ),
    ("M", 2008): _frequencies(
        "William 9 Noah 8 Oscar 8 Carl 7 Lucas 8 Malthe 6 Emil 7 August 6 Aksel 6 Victor 6 Alfred 6 Oliver 7 Elias 5 Yusuf 2"
    ),
}

ROADS = tuple(
    f"{first}{last}"
    for first in ("Prøve", "Øvelses", "Papir", "Skygge", "Opdigtede ", "Tænkte ", "Eksempel", "Model")
    for last in ("vej", "stien", "parken", "gade", "allé", "bakken")
)


def drawn(frequencies: Mapping[str, int], random: Random) -> str:
    """Return one of the names, frequent ones more often."""
    return random.choices(tuple(frequencies), tuple(frequencies.values()))[0]


def name(sex: str, year: int, random: Random, family: str = "") -> PersonName:
    """Return a name for a person of this sex (M or F) born in this year; every second person has two given names."""
    generation = GIVEN[sex, max(start for bearers, start in GIVEN if bearers == sex and start <= year)]
    given = [drawn(generation, random) for _ in range(random.choice((1, 2)))]
    return PersonName(family or drawn(FAMILY, random), tuple(dict.fromkeys(given)))


def address(random: Random) -> str:
    """Return a road that does not exist, and a number."""
    return f"{random.choice(ROADS)} {random.randrange(1, 120)}"
