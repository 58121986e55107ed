"""Two servers with two workers each on one database answer and store the same as one process with a register in memory."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import cycle
from pathlib import Path

import pytest

from mockregister.client import Client
from mockregister.comparing.judging import Judgement
from mockregister.document import writer
from mockregister.synthetic.breaking import PROVOCATIONS
from mockregister.synthetic.generator import Recipe, generate
from mockregister.synthetic.scenarios import BY_NAME
from mockregister.synthetic.seeds import UNTIL
from tests import postgresql
from tests.cli.test_workers import WORKERS
from tests.serving import running

CLOCK = ("--clock", "2019-06-01T12:00:00+02:00")


def submissions() -> Iterator[list[bytes]]:
    """Return the documents of every scenario, some with mistakes, and the documents that provoke an integrity code."""
    generated = generate(Recipe(25, 3, UNTIL, mistakes=0.3))
    assert {course.scenario.name for course in generated.courses} == set(BY_NAME)
    yield from ([writer.write(document)] for document in generated.documents())
    for provocation in PROVOCATIONS.values():
        for documents in provocation.submissions:
            written = [writer.write(document) for document in documents]
            yield [*written[:-1], provocation.alter(written[-1])] if documents is provocation.submissions[-1] else written


def judged(urls: Sequence[str], sent: Sequence[Sequence[bytes]]) -> list[Judgement]:
    """Send submissions to the servers in turn. Each has its own connection, so that any worker may answer."""
    return [Judgement.of(Client(url).submit(documents)) for url, documents in zip(cycle(urls), sent, strict=False)]


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_two_servers_with_workers_answer_as_one_process_does(tmp_path: Path) -> None:
    sent = list(submissions())
    with running(*CLOCK) as alone:
        expected, kept = judged([alone.url], sent), alone.stored
    url = postgresql.url_for(tmp_path)
    with running(*CLOCK, *WORKERS, "--store", url) as first, running(*CLOCK, *WORKERS, "--store", url) as second:
        found = judged([first.url, second.url], sent)
        assert first.stored == second.stored == kept
    assert {judgement.status for judgement in expected} == {"Success", "Failure"}
    assert found == expected
