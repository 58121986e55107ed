"""Where documents to compare come from: files, folders, seeds and running registers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from mockregister.clock import COPENHAGEN
from mockregister.errors import NotFound, SettingError
from mockregister.validation.editions import NEWEST


def documents(where: str, pki: Path | None = None, client_cert: Path | None = None) -> Iterator[tuple[str, bytes]]:
    """Return name and content of each document, in the order in which to send them.

    ``where`` is a file, a folder (its ``*.xml``, sorted by name), the address of a running register, or the name of a seed.
    ``pki`` and ``client_cert`` are as in ``Client``, for a register that asks for a certificate. Raise SettingError for any other
    ``where``, and NoAnswer.
    """
    path = Path(where)
    if where.startswith(("http://", "https://")):
        return _of_register(where, pki, client_cert)
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
        raise SettingError(f"'{name}' is not a file, a folder, an address or a seed. {error}") from error
    if recipe.broken:
        yield from _of_broken()
    for document in generate(recipe).documents():
        yield document.id.extension, writer.write(document, pretty=False)


def _of_broken() -> Iterator[tuple[str, bytes]]:
    """Yield the documents of the seed that breaks every rule and integrity code, named after what they break."""
    from mockregister.synthetic import broken

    _, rules, _ = broken.rules_broken(datetime.now(COPENHAGEN), NEWEST)
    for each in (*rules, *broken.codes_broken()):
        for number, content in enumerate(each.contents(), 1):
            yield f"{each.name}-{number}", content


def _of_register(url: str, pki: Path | None, client_cert: Path | None) -> Iterator[tuple[str, bytes]]:
    from mockregister.reading_back import ReadingBack

    api = ReadingBack(url, pki=pki, client_cert=client_cert)
    for document in reversed(api.find("documents")):  # the list is newest first
        name = "^".join(document["id"].values())
        yield name, api.document(name)
