"""What the page's lists cost at 2,000 patients: each view, beside one submission of the same run.

    python bench/pages.py [SEED]

Over HTTP through the whole application, without a socket. The budget is 100 ms for a list (issue 8); what to compare between
machines is the ratio to the submission.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import resources
from statistics import median
from time import perf_counter

from flask.testing import FlaskClient
from lxml import html

from mockregister.app import create_app
from mockregister.client import Sending, write_request
from mockregister.settings import Settings

ROUNDS = 7
EXAMPLE = (resources.files("mockregister.document") / "examples" / "1-first-visit.xml").read_bytes()
LISTS = (
    *("/", "/live", "/submissions", "/patients", "/patients?q=01", "/patients?page=40", "/error-list", "/rules"),
    *("/codes", "/codes?q=DI", "/codes?q=hjerte", "/codes/lists", "/codes/units", "/codes/units?q=medicin", "/control"),
)


def milliseconds(act: Callable[[], object]) -> float:
    """The median of some rounds, after one that warms up."""
    act()
    taken = []
    for _ in range(ROUNDS):
        started = perf_counter()
        act()
        taken.append((perf_counter() - started) * 1000)
    return median(taken)


def submission(http: FlaskClient) -> float:
    """A validated document, to compare with."""
    headers, body = write_request([EXAMPLE], Sending(service="validate"))
    return milliseconds(lambda: http.post(Sending(service="validate").path, data=body, headers=headers))


def one_of_each(http: FlaskClient) -> list[str]:
    """The first patient and the first stored submission of the lists."""
    pages = {path: html.fromstring(http.get(path).data.decode()) for path in ("/patients", "/submissions")}
    return [str(page.xpath("//tbody//a/@href")[0]) for page in pages.values()]


def main(seed: str) -> None:
    """Print the table."""
    started = perf_counter()
    app = create_app(Settings(seed=seed))
    http = app.test_client()
    stored = http.get("/__admin/registers/default").json["stored"]
    print(f"seed {seed}: {stored['sets']} sets, {stored['documents']} documents, ready in {perf_counter() - started:.1f} s")
    peer = submission(http)
    print(f"{'one submission, validated':<44}{peer:8.1f} ms")
    for path in (*LISTS, *one_of_each(http)):
        taken = milliseconds(lambda path=path: http.get(path))  # type: ignore[misc]
        print(f"GET {path:<40}{taken:8.1f} ms {taken / peer:6.1f} submissions")
    app.extensions["mockregister"].close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "training")
