"""Measure reading with 10 and with 10,000 stored patients, in both stores.

    python bench/reading.py [PATIENTS ...]

Requests go over HTTP through the whole application, without a socket. All figures are measured in this run. The ratio of 10,000
to 10 patients should be at most 1.5. The memory is the peak of a request beyond the stored data.
"""

from __future__ import annotations

import gc
import sys
import tempfile
import tracemalloc
from collections.abc import Callable, Iterator, Sequence
from statistics import median
from time import perf_counter

from patients import SHAPE, fill, keep, of_patient

from mockregister import safexml
from mockregister.app import create_app
from mockregister.document import reader
from mockregister.register.register import Register
from mockregister.settings import Settings

PATIENTS = (10, 10_000)
ROUNDS = 200
RARE = "DQ999"
FEW = "page_size=5"


class Bench:
    """A server with this many patients. Only the last patient has a rare code."""

    def __init__(self, store: str, patients: int, filled: Callable[[Register, int], None] = fill) -> None:
        self.app = create_app(Settings(store=store))
        self.http = self.app.test_client()
        register = self.app.extensions["mockregister"].get().register
        filled(register, patients - 1)
        common = SHAPE.conditions[0].code.code
        content = of_patient(patients - 1).replace(f'code="{common}"'.encode(), f'code="{RARE}"'.encode())
        keep(register, content)
        self.last, self.common = reader.read(safexml.parse(content)).document, common

    def requests(self) -> Iterator[tuple[str, str]]:
        """Yield the requests, each with its address."""
        last = self.last
        yield "one encounter", f"encounters/{last.encounters[0].id.extension}"
        yield "one episode of care, as a tree", f"episodes-of-care/{last.episodes[0].id.extension}"
        yield "one document", f"documents/{last.id.extension}"
        yield "one document set", f"document-sets/{last.set_id}"
        yield "one patient", f"patients/{last.patient.cpr}"
        yield "encounters of a patient", f"encounters?patient={last.patient.cpr}"
        yield "encounters of a set", f"encounters?set={last.set_id}"
        yield "conditions with a rare code", f"conditions?code={RARE}"
        yield "conditions, beginning of a rare code", f"conditions?code={RARE[:4]}*"
        yield "conditions with a common code", f"conditions?code={self.common}&{FEW}"
        yield "encounters of a unit", f"encounters?sor={last.encounters[0].responsible_unit}&{FEW}"
        yield "encounters by label and type", f"encounters?label={_code(last.episodes)}&type={_code(last.encounters)}&{FEW}"
        yield "encounters of an authority", f"encounters?authority={last.custodian}&{FEW}"
        yield "encounters since a moment", f"encounters?submitted_since=2000-01-01&{FEW}"
        yield "all encounters, first page", f"encounters?{FEW}"
        yield "all patients, first page", f"patients?{FEW}"
        yield "all submissions, first page", f"submissions?{FEW}"

    def milliseconds(self, path: str) -> float:
        """Return the milliseconds of a request."""
        started = perf_counter()
        response = self.http.get(f"/api/v1/{path}")
        took = (perf_counter() - started) * 1000
        assert response.status_code == 200, response.text
        return took

    def kibibytes(self, path: str) -> float:
        """Return the peak of memory of a request."""
        gc.collect()
        tracemalloc.start()
        self.milliseconds(path)
        peak = tracemalloc.get_traced_memory()[1] / 1024
        tracemalloc.stop()
        return peak

    def close(self) -> None:
        """Close the server."""
        self.app.extensions["mockregister"].close()


def _code(entries: tuple[object, ...]) -> str:
    code = getattr(entries[0], "label", None) or getattr(entries[0], "type", None)
    return code.code if code else ""


def measure(benches: Sequence[Bench]) -> Iterator[tuple[str, list[float], list[float]]]:
    """Yield each request with its milliseconds and kibibytes for each size. The sizes take turns, so that load affects both."""
    for (name, _), *_ in zip(*(bench.requests() for bench in benches), strict=True):
        paths = [dict(bench.requests())[name] for bench in benches]
        rounds = [[bench.milliseconds(path) for bench, path in zip(benches, paths, strict=True)] for _ in range(ROUNDS)]
        memory = [bench.kibibytes(path) for bench, path in zip(benches, paths, strict=True)]
        yield name, [median(times) for times in zip(*rounds, strict=True)], memory


def main() -> None:
    """Measure and print."""
    sizes = [int(size) for size in sys.argv[1:]] or list(PATIENTS)
    for name in ("memory", "tinydb"):
        with tempfile.TemporaryDirectory() as folder:
            benches = [Bench(name if name == "memory" else f"tinydb:{folder}/{size}", size) for size in sizes]
            print(f"{name:<38}" + "".join(f"{size:>11,} patients" for size in sizes))
            for what, times, memory in measure(benches):
                shown = "".join(f"{time:>17.2f} ms" for time in times)
                print(f"  {what:<36}{shown}   x {times[-1] / times[0]:.2f}   peak {memory[0]:>5.0f} and {memory[-1]:>5.0f} KiB")
            for bench in benches:
                bench.close()


if __name__ == "__main__":
    main()
