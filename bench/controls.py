"""Measure reset, checkpoint and restore with 10 and with 10,000 patients, compared with a submission.

    python bench/controls.py [PATIENTS ...]

Calls go over HTTP through the whole application, without a socket. All figures are measured in this run. Compare between machines
the ratio to the submission, and the ratio of 10,000 to 10 patients.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from statistics import median
from time import perf_counter

from patients import EXAMPLE, cpr, fill

from mockregister.app import create_app
from mockregister.client import Sending, write_request
from mockregister.settings import Settings

PATIENTS = (10, 10_000)
ROUNDS = 5
NOON = datetime(2019, 6, 1, 10, tzinfo=UTC)


class Bench:
    """A server with a number of patients, and the duration of its calls."""

    def __init__(self, settings: Settings, patients: int) -> None:
        self.app = create_app(settings)
        self.http = self.app.test_client()
        if patients:
            fill(self.app.extensions["mockregister"].get().register, patients)

    def admin(self, method: str, path: str) -> float:
        """Return the milliseconds of a call to /__admin."""
        started = perf_counter()
        response = self.http.open(f"/__admin/{path}", method=method)
        took = (perf_counter() - started) * 1000
        assert response.status_code < 300, response.text
        return took

    def submission(self) -> float:
        """Return the milliseconds of validating the example, which is a typical call."""
        sending = Sending(service="validate")
        headers, body = write_request([EXAMPLE], sending)
        started = perf_counter()
        self.http.post(sending.path, data=body, headers=headers)
        return (perf_counter() - started) * 1000

    def figures(self) -> Iterator[tuple[str, float]]:
        """Yield the measured calls with the milliseconds of a typical round."""
        yield "one submission (validate)", median(self.submission() for _ in range(ROUNDS))
        yield "checkpoint", median(self.admin("PUT", "checkpoints/full") for _ in range(ROUNDS))
        rounds = [(self.admin("POST", "reset"), self.admin("POST", "checkpoints/full/restore")) for _ in range(ROUNDS)]
        yield "reset", median(reset for reset, _ in rounds)
        yield "restore", median(restore for _, restore in rounds)
        each = (self.admin("POST", f"reset?patient={cpr(number)}") for number in range(ROUNDS))
        yield "reset of one patient", median(each)

    def close(self) -> None:
        """Close the server."""
        self.app.extensions["mockregister"].close()


def measure(store: str, patients: int) -> dict[str, float]:
    """Return the figures for a number of patients."""
    bench = Bench(Settings(store=store, clock=NOON), patients)
    found = dict(bench.figures())
    bench.close()
    return found


def main() -> None:
    """Measure and print."""
    sizes = [int(size) for size in sys.argv[1:]] or PATIENTS
    for name in ("memory", "tinydb"):
        with tempfile.TemporaryDirectory() as folder:
            found = [measure(name if name == "memory" else f"tinydb:{folder}/{size}", size) for size in sizes]
        print(f"{name:<30}" + "".join(f"{size:>10,} patients" for size in sizes))
        for what, first in found[0].items():
            growth = f"   x {found[-1][what] / first:.1f}" if len(sizes) > 1 else ""
            print(f"  {what:<28}" + "".join(f"{figures[what]:>16.2f} ms" for figures in found) + growth)


if __name__ == "__main__":
    main()
