"""Count the functions and modules that a SOAP submission goes through.

The second submission to a register in this process is counted, when everything is loaded. Usage: hops.py [--all]
"""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from types import CodeType, FrameType

from patients import of_patient

import mockregister
from mockregister.app import create_app
from mockregister.client import Sending, write_request
from mockregister.settings import Settings

PACKAGE = Path(mockregister.__file__).parent


def calls_of_a_submission() -> Counter[CodeType]:
    """Return how often each function of the package was called."""
    client = create_app(Settings()).test_client()
    calls: Counter[CodeType] = Counter()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call":
            calls[frame.f_code] += 1

    path = Sending().path
    for patient in (1, 2):
        headers, body = write_request([of_patient(patient)], Sending())
        calls.clear()
        sys.setprofile(note)
        try:
            answer = client.post(path, data=body, headers=headers)
        finally:
            sys.setprofile(None)
        assert answer.status_code == 200
    ours = str(PACKAGE)
    return Counter({code: times for code, times in calls.items() if code.co_filename.startswith(ours) and code.co_name[0] != "<"})


def main() -> None:
    """Print the figures, and with ``--all`` every function."""
    calls = calls_of_a_submission()
    modules = Counter(str(Path(code.co_filename).relative_to(PACKAGE)) for code in calls)
    print(f"{len(calls)} functions in {len(modules)} modules, {calls.total()} calls")
    print(f"{sum(times == 1 for times in calls.values())} of the functions are called once")
    for name, times in modules.most_common(None if "--all" in sys.argv else 12):
        print(f"{times:5}  {name}")
    if "--all" in sys.argv:
        for code, times in sorted(calls.items(), key=lambda item: (item[0].co_filename, item[0].co_firstlineno)):
            print(f"{times:5}  {Path(code.co_filename).relative_to(PACKAGE)}:{code.co_firstlineno} {code.co_name}")


if __name__ == "__main__":
    main()
