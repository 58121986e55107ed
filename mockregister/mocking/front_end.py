"""The HTML pages of the machines in front of the register, which a client gets when the register itself is unavailable.

Observed: an HTML 4.01 page "Service Unavailable", with status 503 since November 2018 (facts 74, 125, 176), a 504 "Gateway
Time-out" (fact 193), a plain 404 during redeployment (fact 78). Titles and statuses are the real ones, the sentences our own.
"""

from __future__ import annotations

from http import HTTPStatus

PAGE = (
    '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN" "http://www.w3.org/TR/html4/strict.dtd">\n'
    "<html><head><title>{title}</title></head>\n<body><h2>{heading}</h2>\n<p>{sentence}</p>\n</body></html>\n"
)
CONTENT_TYPE = "text/html"
SENTENCES = {
    404: ("Error", "404 - Not Found", "Nothing is deployed at this address."),
    503: ("Service Unavailable", "Service Unavailable", "Traffic manager (mock): no server behind it takes requests (503)."),
    504: ("504 Gateway Time-out", "504 Gateway Time-out", "The server behind this gateway (mock) gave no answer in time."),
}


def page(status: int) -> str:
    """Return the page for an HTTP status."""
    name = f"{status} {phrase(status) or 'Error'}"
    default = (name, name, "This page was asked for by a fault of the mock.")
    title, heading, sentence = SENTENCES.get(status, default)
    return PAGE.format(title=title, heading=heading, sentence=sentence)


def phrase(status: int) -> str:
    """Return the reason phrase of an HTTP status; empty for an unregistered status."""
    return HTTPStatus(status).phrase if status in set(HTTPStatus) else ""
