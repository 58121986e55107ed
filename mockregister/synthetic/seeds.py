"""Named seeds: what a demonstration or a test starts with, kept as recipes in ``seed_data/`` and made when they are loaded.

A recipe is a TOML file: how many patients, the seed of chance, the last day, the share of mistakes, the scenarios. With it
stand the patients it gives, one a line, so that a person can see whom to look up and a test that the generator still makes
them. Python -m mockregister.synthetic.seeds writes the files anew.
"""

from __future__ import annotations

import hashlib
import sys
import tomllib
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import mockregister
from mockregister.document import writer
from mockregister.envelope.xdr import Author, SentDocument, Submission
from mockregister.errors import NotFound
from mockregister.model import SOR, ClinicalDocument
from mockregister.register.register import Register
from mockregister.submission import Service, submit
from mockregister.synthetic.generator import Course, Generated, Recipe, generate
from mockregister.synthetic.scenarios import SCENARIOS
from mockregister.synthetic.stage import moment_of

UNTIL = date(2026, 6, 30)
RECIPES = {
    "demo": Recipe(200, 1, UNTIL, mistakes=0.05),
    "training": Recipe(2000, 2, UNTIL, mistakes=0.05),
    **{one.name: Recipe(1, 3, UNTIL, scenarios=(one.name,)) for one in SCENARIOS},
}
ON_THE_WAY = timedelta(minutes=1)  # from a document's effective time to its arrival


def folder() -> Path:
    """Where the seeds are: in the checkout, else where an installed package has its shared data."""
    checkout = Path(mockregister.__file__).parents[1] / "seed_data"
    return checkout if checkout.is_dir() else Path(sys.prefix) / "share" / "mockregister" / "seed_data"


class SeedFolder:
    """The seeds of a folder, one for each recipe in it."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or folder()

    def names(self) -> Sequence[str]:
        """The names of the seeds there are."""
        return sorted(file.stem for file in self.path.glob("*.toml"))

    def recipe(self, name: str) -> Recipe:
        """The recipe of this name. Raises NotFound."""
        if name not in self.names():
            raise NotFound(f"There is no seed '{name[:80]}'; there are {', '.join(self.names())}.")
        return read_recipe((self.path / f"{name}.toml").read_text("utf-8"))

    def load(self, register: Register, name: str) -> None:
        """Put what the seed holds into an empty register, each document as if it had come when it was made."""
        load(register, generate(self.recipe(name)))


def read_recipe(text: str) -> Recipe:
    """The recipe in the text of a seed file; what else stands there is for people."""
    table = tomllib.loads(text)["recipe"]
    return Recipe(table["patients"], table["seed"], table["until"], table["mistakes"], tuple(table["scenarios"]))


def load(register: Register, generated: Generated) -> None:
    """Submit what was generated, at the register's time that it would have come at.

    Courses without a mistake are known to be free of findings, which tests show; theirs are kept without being judged again.
    """
    doubtful = {course.documents[0].set_id for course in generated.courses if course.mistake}
    now = register.clock.frozen_at, register.clock.moved_by
    try:
        for document in generated.documents():
            register.clock.freeze(moment_of(document) + ON_THE_WAY)
            hand_in(register, document, judged=document.set_id in doubtful)
    finally:
        register.clock.frozen_at, register.clock.moved_by = now


def hand_in(register: Register, document: ClinicalDocument, *, judged: bool) -> None:
    """Submit a document, or keep it as a submission without findings would be."""
    sent = in_envelope(document)
    if judged:
        submit(register, Service.REPORTING, sent)
        return
    with register.draft([document]) as draft:
        draft.commit(sent, (), Service.REPORTING.url_name)


def in_envelope(document: ClinicalDocument) -> Submission:
    """A document as its author submits it, alone."""
    content = SentDocument("Document01", writer.write(document, pretty=False))
    return Submission((content,), Author(document.author.unit, SOR, document.author.unit), document.custodian)


# the files


def seed_file(recipe: Recipe) -> str:
    """The text of a seed file: the recipe, a digest of the documents it gives, and the courses that happen in it."""
    generated = generate(recipe)
    lines = ["[recipe]", *(f"{key} = {_toml(value)}" for key, value in _fields(recipe).items()), "", "[gives]"]
    lines += [f"documents = {len(generated.documents())}", f'sha256 = "{digest(generated)}"', "courses = ["]
    return "\n".join((*lines, *(f"  {_line(course)}," for course in generated.courses), "]", ""))


def digest(generated: Generated) -> str:
    """One number for all documents, byte by byte."""
    total = hashlib.sha256()
    for document in generated.documents():
        total.update(writer.write(document, pretty=False))
    return total.hexdigest()


def _fields(recipe: Recipe) -> dict[str, Any]:
    names = ("patients", "seed", "until", "mistakes", "scenarios")
    return {name: getattr(recipe, name) for name in names}


def _toml(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    return f"[{', '.join(map(_quoted, value))}]" if isinstance(value, tuple) else str(value)


def _quoted(text: str) -> str:
    return f'"{text}"'


def _line(course: Course) -> str:
    person = course.person
    words = (person.cpr, " ".join((*person.name.given, person.name.family)), course.scenario.name, course.mistake)
    return f"[{', '.join(map(_quoted, words))}]"


def files() -> Iterator[tuple[str, str]]:
    """The name and text of every seed file."""
    for name, recipe in RECIPES.items():
        yield f"{name}.toml", seed_file(recipe)


if __name__ == "__main__":
    for name, text in files():
        (folder() / name).write_text(text, "utf-8")
