"""The answers to bytes that are not an HTTP request."""

from __future__ import annotations

import json
from http import HTTPStatus

from gunicorn.http import errors


class LoneLineFeed(errors.ParseException):  # type: ignore[misc]
    """A line of a head ends with LF alone."""


REFUSALS: dict[type[Exception], tuple[HTTPStatus, str]] = {
    errors.LimitRequestLine: (HTTPStatus.REQUEST_URI_TOO_LONG, "The request line is longer than 4094 bytes; send a shorter one."),
    errors.LimitRequestHeaders: (
        HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
        "There are too many header fields, or one is too long; send at most 100 of at most 8190 bytes.",
    ),
    errors.InvalidHTTPVersion: (HTTPStatus.HTTP_VERSION_NOT_SUPPORTED, "This HTTP version is unknown; use HTTP/1.1 or HTTP/1.0."),
    errors.InvalidHeader: (HTTPStatus.BAD_REQUEST, "A header field has an invalid value, or comes twice."),
    errors.InvalidHeaderName: (HTTPStatus.BAD_REQUEST, "A header field has an invalid name."),
    errors.ObsoleteFolding: (HTTPStatus.BAD_REQUEST, "A header field goes on in the next line; write it in one."),
    errors.ExpectationFailed: (HTTPStatus.EXPECTATION_FAILED, "This expectation cannot be met; send no Expect but 100-continue."),
    errors.InvalidRequestMethod: (HTTPStatus.BAD_REQUEST, "The method is invalid; write it in capital letters."),
    errors.InvalidSchemeHeaders: (HTTPStatus.BAD_REQUEST, "The header fields of the proxies contradict each other."),
    LoneLineFeed: (HTTPStatus.BAD_REQUEST, "A line of the request's head ends with LF alone; end each line with CR LF."),
    errors.UnsupportedTransferCoding: (HTTPStatus.NOT_IMPLEMENTED, "This Transfer-Encoding is unknown; use chunked or none."),
}
NO_REQUEST = (HTTPStatus.BAD_REQUEST, "This is not an HTTP request.")
BROKEN = (HTTPStatus.INTERNAL_SERVER_ERROR, "Something broke in the mock; its log has the details.")


def refusal(error: Exception) -> tuple[HTTPStatus, str]:
    """Return the HTTP status and the sentence for an error of gunicorn's parser."""
    known = (REFUSALS[kind] for kind in type(error).__mro__ if kind in REFUSALS)
    return next(known, NO_REQUEST if isinstance(error, errors.ParseException) else BROKEN)


def problem(status: HTTPStatus, sentence: str) -> bytes:
    """Return a whole HTTP answer that ends the connection (RFC 9457)."""
    body = json.dumps({"type": "about:blank", "title": status.phrase, "status": status.value, "detail": sentence}).encode()
    head = (
        f"HTTP/1.1 {status.value} {status.phrase}",
        "Content-Type: application/problem+json",
        f"Content-Length: {len(body)}",
        "Connection: close",
    )
    return "\r\n".join((*head, "", "")).encode() + body
