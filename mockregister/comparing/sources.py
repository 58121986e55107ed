"""Where documents to compare come from: files, folders, seeds and running registers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mockregister.errors import NotFound, SettingError


def documents(where: str) -> Iterator[tuple[str, bytes]]:
    """Return name and content of each document, in the order in which they are to be sent.

    ``where`` is a file, a folder (its ``*.xml`` by name), the address of a running register, or a seed. Raise SettingError for
    what is none of them, and NoAnswer.
    """
    path = Path(where)
    if where.startswith(("http://", "https://")):
        return _of_register(where)
    if path.is_dir():
        return ((file.name, file.read_bytes()) for file in sorted(path.glob("*.xml")))
    return iter([(path.name, path.read_bytes())]) if path.is_file() else _of_seed(where)


def _of_seed(name: str) -> Iterator[tuple[str, bytes]]:
    from mockregister.document import writer
    from mockregister.synthetic.generator import generate
    from mockregister.synthetic.seeds import SeedFolder

    try:
        recipe = SeedFolder().recipe(name)
    except NotFound as error:
        raise SettingError(f"'{name}' is no file, no folder, no address and no seed. {error}") from error
    for document in generate(recipe).documents():
        yield document.id.extension, writer.write(document, pretty=False)


def _of_register(url: str) -> Iterator[tuple[str, bytes]]:
    from mockregister.reading_back import ReadingBack

    api = ReadingBack(url)
    for document in reversed(api.find("documents")):  # the list has the newest first
        name = "^".join(document["id"].values())
        yield name, api.document(name)
