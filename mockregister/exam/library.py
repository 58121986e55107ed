"""The stories that come with the package, and those of a folder."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources
from pathlib import Path

from mockregister.errors import NotFound, SettingError
from mockregister.exam.notation import read
from mockregister.exam.story import Story
from mockregister.mocking.sitting import WrittenStory

SUFFIX = ".yml"
TEMPLATE = "template.yml"


def shipped() -> dict[str, WrittenStory]:
    """Return the stories that come with the package, by name."""
    folder = resources.files("mockregister.exam").joinpath("stories")
    files = sorted((file for file in folder.iterdir() if file.name.endswith(SUFFIX)), key=lambda file: file.name)
    return {file.name.removesuffix(SUFFIX): WrittenStory(file.name, file.read_text("utf-8")) for file in files}


def chosen(names: Sequence[str]) -> tuple[WrittenStory, ...]:
    """Return the shipped stories with these names, or all if none is named. Raise NotFound for an unknown name."""
    known = shipped()
    unknown = next((name for name in names if name not in known), None)
    if unknown is not None:
        raise NotFound(f"There is no story '{unknown[:80]}'; there are {', '.join(known)}.")
    return tuple(known[name] for name in dict.fromkeys(names or known))


def of_folder(folder: Path) -> tuple[WrittenStory, ...]:
    """Return the stories of a folder, ordered by name. Raise SettingError if it has none."""
    files = sorted((*folder.glob("*.yml"), *folder.glob("*.yaml")))
    if not files:
        raise SettingError(f"The folder {folder} has no stories; a story is a file NAME.yml, as `mockregister exam new` writes.")
    return tuple(map(of_file, files))


def of_file(file: Path) -> WrittenStory:
    """Return the story of a file. Raise SettingError if the file is not text."""
    try:
        return WrittenStory(file.name, file.read_text("utf-8"))
    except UnicodeDecodeError as error:
        raise SettingError(f"{file} is not UTF-8 text; save the story in UTF-8.") from error


def stories_of(written: Sequence[WrittenStory]) -> list[Story]:
    """Return the stories in these texts. Raise FaultyStory for one with mistakes."""
    return [read(each.file, each.text) for each in written]


def template() -> str:
    """Return a story to start from, with comments."""
    return resources.files("mockregister.exam").joinpath(TEMPLATE).read_text("utf-8")
