"""The description of the SOAP services: the WSDL by ``?wsdl``, the schemas it imports by ``?xsd=<name>``."""

from __future__ import annotations

from flask import Response, request
from werkzeug.exceptions import MethodNotAllowed

from mockregister.envelope import wsdl


def describe(name: str, posted: str, header_namespace: str = "") -> Response:
    """Return the WSDL or schema of this name, in any letter case; ``posted`` is the content type that the service accepts.

    ``header_namespace`` is that of the medcom header, for services that have one. Raise MethodNotAllowed for a plain GET, and
    NotFound for an unknown schema.
    """
    asked = {key.lower(): value for key, value in request.args.items()}
    if "xsd" in asked:
        return _xml(wsdl.schema(asked["xsd"], request.base_url, header_namespace))
    if "wsdl" in asked:
        return _xml(wsdl.description(request.base_url, header_namespace, name))
    raise MethodNotAllowed(["POST"], f"POST a {posted} here, or GET ?wsdl for the description of the service.")


def _xml(content: bytes) -> Response:
    return Response(content, content_type="text/xml; charset=utf-8")
