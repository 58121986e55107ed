"""The services' WSDL and schemas, served with the address and the header namespace of the path that was called.

The files are in one folder and refer to one another by file name; when a file is served, each reference becomes the address
that was called with ``?xsd=<file name>``, so that any toolkit finds the schemas from the WSDL alone.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from mockregister.envelope.soap import text
from mockregister.errors import NotFound

DESCRIPTION, REGISTRY, REPOSITORY = "document_repository.wsdl", "xds_registry.wsdl", "xds_repository.wsdl"
SCHEMAS = ("xds.b.xsd", "lcm.xsd", "rs.xsd", "rim.xsd", "query.xsd", "medcom.xsd", "hsuid.xsd", "wsse.xsd")


def description(address: str, header_namespace: str = "", name: str = DESCRIPTION) -> bytes:
    """Return the WSDL of the service at ``address``; ``header_namespace`` is that of its medcom header, if it has one."""
    return _served(name, address, header_namespace)


def schema(name: str, address: str, header_namespace: str = "") -> bytes:
    """Return a schema by file name. Raise NotFound for any other name."""
    if name not in SCHEMAS:
        raise NotFound(f"There is no schema of that name; the schemas are {', '.join(SCHEMAS)}.")
    return _served(name, address, header_namespace)


def _served(name: str, address: str, header_namespace: str) -> bytes:
    quoted = text(address).replace('"', "&quot;")
    located = _file(name).replace('schemaLocation="', f'schemaLocation="{quoted}?xsd=')
    return located.replace("{medcom}", header_namespace).replace("{address}", quoted).encode()


@cache
def _file(name: str) -> str:
    return files(__name__).joinpath(name).read_text("utf-8")
