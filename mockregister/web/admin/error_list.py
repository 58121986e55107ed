"""``/__admin/error-list`` and ``/__admin/revalidation``: the nightly jobs of the register, on demand."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zipfile import ZipFile

from flask import Blueprint, Response

from mockregister.register import error_list
from mockregister.validation import revalidation
from mockregister.web.registers import namespace

blueprint = Blueprint("error-list", __name__)


@blueprint.get("/error-list.zip")
def download() -> Response:
    """The accumulated error list as the sFTP server would show it, folders and success markers, in one zip file."""
    register = namespace().register
    with TemporaryDirectory() as folder:
        error_list.write(register.state, register.clock.now(), Path(folder))
        return Response(_zipped(Path(folder)), content_type="application/zip")


@blueprint.post("/revalidation")
def revalidate() -> dict[str, Any]:
    """Every rule on everything that is stored, under the register's clock and rule settings of this moment."""
    register = namespace().register
    return {"episodes": sum(revalidation.revalidate(register, revalidation.episodes(register)))}


def _zipped(folder: Path) -> bytes:
    content = BytesIO()
    with ZipFile(content, "w") as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            archive.write(path, path.relative_to(folder))
    return content.getvalue()
