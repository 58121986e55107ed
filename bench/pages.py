"""Measure the pages, compared with a submission of the same run.

    python bench/pages.py [SEED [PATIENTS]]

Calls go over HTTP through the whole application, without a socket. With PATIENTS, the seed is copied until there are that many.
The budgets at 50,000 patients are 200 ms for the overview and 100 ms for a list. Compare the ratio of CPU time
to the submission between machines. On a machine that does other work, use only the CPU time.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import resources
from itertools import islice
from statistics import median
from time import perf_counter, process_time
from typing import Any

from copies import copied
from flask.testing import FlaskClient
from lxml import html

from mockregister.app import create_app
from mockregister.client import Sending, write_request
from mockregister.register.overview import patient_count
from mockregister.settings import Settings

ROUNDS = 7
EXAMPLE = (resources.files("mockregister.document") / "examples" / "1-first-visit.xml").read_bytes()
LISTS = (
    *("/", "/?authority=29190941", "/live", "/exchanges", "/submissions", "/submissions?authority=29190941", "/rules"),
    *("/patients", "/patients?q=01", "/patients?q=jensen", "/patients?page=40", "/patients?order=name", "/patients?order=latest"),
    *("/patients?authority=29190941", "/patients?diagnosis=DC00-DD48", "/patients?severity=error", "/patients?diagnosis=DI21"),
    *("/patients?authority=29190623&from=2026-03-01&to=2026-03-31", "/patients?unit=1&severity=error"),
    *("/error-list", "/error-list?authority=29190925&order=newest", "/error-list?rule=06.01", "/error-list?page=20"),
    *("/codes", "/codes?q=DI", "/codes?q=hjerte", "/codes/lists", "/codes/units", "/codes/units?q=medicin", "/control"),
)


def milliseconds(act: Callable[[], object]) -> tuple[float, float]:
    """Return the median wall time and CPU time of some rounds after a warm-up."""
    act()
    taken, worked = [], []
    for _ in range(ROUNDS):
        started, begun = perf_counter(), process_time()
        act()
        taken.append((perf_counter() - started) * 1000)
        worked.append((process_time() - begun) * 1000)
    return median(taken), median(worked)


def submission(http: FlaskClient) -> tuple[float, float]:
    """Validate a document, to compare with."""
    headers, body = write_request([EXAMPLE], Sending(service="validate"))
    return milliseconds(lambda: http.post(Sending(service="validate").path, data=body, headers=headers))


def one_of_each(http: FlaskClient) -> list[str]:
    """Return the first patient and the first stored submission of the lists, if there are any."""
    pages = {path: html.fromstring(http.get(path).data.decode()) for path in ("/patients", "/submissions")}
    return [str(link.get("href")) for page in pages.values() for link in islice(page.iterfind(".//tbody//a[@href]"), 1)]


def main(seed: str, patients: int) -> None:
    """Print the table."""
    started = perf_counter()
    app = create_app(Settings(seed=seed))
    http = app.test_client()
    register = app.extensions["mockregister"].get().register
    if patients:
        with register.look() as rows:
            if not patient_count(rows):
                sys.exit(f"The seed {seed} has no patient to copy; name another, or no number of patients.")
            register.store.fill(copied(rows, -(-patients // patient_count(rows))))
    about: Any = http.get("/__admin/registers/default").json
    stored = about["stored"]
    print(
        f"seed {seed}: {register.patients()} patients, {stored['sets']} sets, {stored['documents']} documents, "
        f"ready in {perf_counter() - started:.1f} s"
    )
    _, peer = told = submission(http)
    print(f"{'one submission, validated':<60}{told[0]:8.1f} ms{told[1]:8.1f} ms of CPU")
    for path in (*LISTS, *one_of_each(http)):
        taken, worked = milliseconds(lambda path=path: http.get(path))  # type: ignore[misc]
        print(f"GET {path:<56}{taken:8.1f} ms{worked:8.1f} ms of CPU {worked / peer:6.1f} submissions")
    app.extensions["mockregister"].close()


if __name__ == "__main__":
    words = dict(enumerate(sys.argv[1:]))
    main(words.get(0, "training"), int(words.get(1, "0")))
