"""The journal keeps exchanges. Callers find them, count them, and wait for them."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from threading import Event

import pytest

from mockregister.errors import Conflict, NotFound
from mockregister.finding import Finding, Level
from mockregister.mocking.call import Call
from mockregister.mocking.har import har
from mockregister.mocking.journal import (
    REDACTED,
    Criteria,
    Exchange,
    HttpMessage,
    Journal,
    JournalDocument,
    JournalRoom,
    redacted,
)

REPORTING = "PatientHealthcareReportingService"
VALIDATE = "PatientHealthcareValidateReportingService"
NOON = datetime(2019, 6, 1, 10, tzinfo=UTC)


def exchange(number=1, service=REPORTING, **more):
    call = more.pop("call", Call(service, f"/cda-ws/DocumentRepository_Service/{service}"))
    given = {"status": 200, "outcome": "Success", "request": HttpMessage((), b"request"), "answer": HttpMessage((), b"answer")}
    url = f"http://localhost{call.path}?x=1"
    return Exchange(str(number), "default", "POST", url, call, NOON, NOON, **given | more)


def plenty():
    return JournalRoom(1_000_000)


def large(number, size=60_000):
    return exchange(number, request=HttpMessage((), b"x" * size))


def journal_of(*exchanges, **more):
    journal = Journal(more.get("limit", 100), more.get("room", plenty()))
    for exchanged in exchanges:
        journal.add(exchanged)
    return journal


def ids(exchanges):
    return [exchanged.id for exchanged in exchanges]


def test_the_newest_comes_first():
    assert ids(journal_of(exchange(1), exchange(2)).find()) == ["2", "1"]


def test_the_oldest_exchange_is_dropped_when_there_are_too_many():
    assert ids(journal_of(*map(exchange, range(5)), limit=3).find()) == ["4", "3", "2"]


def test_large_exchanges_displace_old_ones_but_the_last_is_always_kept():
    journal = journal_of(large(1), large(2), room=JournalRoom(100_000))
    assert ids(journal.find()) == ["2"]
    journal.add(large(3, 200_000))
    assert ids(journal.find()) == ["3"]


def test_the_journals_of_a_server_share_a_limit_and_the_oldest_exchange_is_dropped():
    room = JournalRoom(150_000)
    first, second = Journal(100, room), Journal(100, room)
    for number, journal in enumerate((first, second, first)):
        journal.add(large(number))
    assert (ids(first.find()), ids(second.find())) == (["2"], ["1"])
    first.clear()
    second.add(large(3))
    assert ids(second.find()) == ["3", "1"]


def test_a_closed_journal_frees_its_bytes_and_accepts_no_more_exchanges():
    room = JournalRoom(150_000)
    gone, other = journal_of(large(1), room=room), Journal(100, room)
    gone.close()
    gone.add(large(2))
    other.add(large(3))
    other.add(large(4))
    assert (gone.find(), ids(other.find())) == ([], ["4", "3"])


@pytest.mark.parametrize(
    "more",
    [
        {"request": HttpMessage((("X-Large", "x" * 60_000),), b"")},
        {"answer": HttpMessage((), b"x" * 60_000)},
        {"documents": (JournalDocument("", "", b"x" * 60_000),)},
        {"findings": (Finding(Level.XSD, "x" * 60_000),)},
        {"call": Call(REPORTING, patients=frozenset({"x" * 60_000}))},
    ],
)
def test_every_part_of_an_exchange_counts_towards_the_limit(more):
    journal = journal_of(exchange(1, **more), exchange(2, **more), room=JournalRoom(100_000))
    assert ids(journal.find()) == ["2"]


def test_a_journal_of_length_zero_keeps_nothing():
    assert journal_of(exchange(), limit=0).find() == []


@pytest.mark.parametrize(
    ("criteria", "expected"),
    [
        (Criteria(service=VALIDATE), ["2"]),
        (Criteria(path="/cda-ws/"), ["3", "2", "1"]),
        (Criteria(path="/other"), []),
        (Criteria(patient="010190-1234"), ["1"]),
        (Criteria(set="ABC"), ["1"]),
        (Criteria(author="99"), ["1"]),
        (Criteria(cvr="12345678"), ["1"]),
        (Criteria(rule="05.53"), ["2"]),
        (Criteria(code="SET_NOT_FOUND"), ["3"]),
        (Criteria(rule="SET_NOT_FOUND"), []),
        (Criteria(code="BUSINESS_RULE"), ["2"]),
        (Criteria(code="XSD"), []),
        (Criteria(status="500"), ["3"]),
        (Criteria(status="fault"), ["3"]),
        (Criteria(status="Success", service=REPORTING), ["1"]),
        (Criteria(stored=True), ["1"]),
        (Criteria(stored=False), ["3", "2"]),
    ],
)
def test_exchanges_are_found_by_their_properties(criteria, expected):
    path = f"/cda-ws/DocumentRepository_Service/{REPORTING}"
    call = Call(REPORTING, path, frozenset({"99"}), frozenset({"12345678"}), frozenset({"abc"}), frozenset({"0101901234"}))
    journal = journal_of(
        exchange(1, call=call, stored=True),
        exchange(2, VALIDATE, findings=(Finding(Level.BUSINESS_RULE, "…", code="05.53"),)),
        exchange(3, status=500, outcome="Fault", findings=(Finding(Level.INTEGRITY_CHECK, "…", code="SET_NOT_FOUND"),)),
    )
    assert ids(journal.find(criteria)) == expected
    assert journal.count(criteria) == len(expected)


def test_an_exchange_is_found_by_its_id():
    journal = journal_of(exchange(1), exchange(2))
    assert journal.get("1").id == "1"
    with pytest.raises(NotFound, match="no exchange '3'"):
        journal.get("3")


def test_a_cleared_journal_is_empty_and_accepts_new_exchanges():
    journal = journal_of(exchange(1))
    journal.clear()
    journal.add(exchange(2))
    assert ids(journal.find()) == ["2"]


def test_waiting_ends_when_enough_exchanges_have_come():
    journal, started = Journal(10, plenty()), Event()

    def wait():
        started.set()
        return journal.wait(Criteria(service=REPORTING), 2, seconds=60)

    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(wait)
        assert started.wait(10)
        for number, service in enumerate((REPORTING, VALIDATE, REPORTING), start=1):
            journal.add(exchange(number, service))
        assert ids(waiting.result(10)) == ["3", "1"]


def test_waiting_ends_after_the_timeout():
    assert ids(journal_of(exchange(1)).wait(Criteria(), 2, seconds=0)) == ["1"]


def test_waiting_for_more_than_the_journal_keeps_is_refused():
    with pytest.raises(Conflict, match="keeps 3 exchanges"):
        Journal(3, plenty()).wait(Criteria(), 4, seconds=1)


@pytest.mark.parametrize("name", ["Authorization", "Cookie", "X-Api-Key", "X-Auth-Token", "Proxy-Authorization", "X-Session-Id"])
def test_headers_with_secrets_are_redacted(name):
    assert redacted(((name, "s3cret"), ("Accept", "text/xml"))) == ((name, REDACTED), ("Accept", "text/xml"))


def test_a_har_lists_the_exchanges_oldest_first():
    later = replace(exchange(2), received=NOON.replace(hour=11), duration=0.25)
    log = har([later, exchange(1)])["log"]
    assert log["version"] == "1.2"
    assert [entry["comment"] for entry in log["entries"]] == ["1", "2"]
    assert log["entries"][1]["time"] == 250
    assert log["entries"][0]["request"]["postData"]["text"] == "request"
    assert log["entries"][0]["request"]["queryString"] == [{"name": "x", "value": "1"}]
    assert log["entries"][0]["response"]["statusText"] == "OK"


def test_a_har_encodes_bytes_that_are_not_text_as_base64():
    entry = har([exchange(answer=HttpMessage((("Content-Type", "application/gzip"),), b"\xff\x00"))])["log"]["entries"][0]
    assert entry["response"]["content"] == {
        "size": 2, "mimeType": "application/gzip", "text": "/wA=", "encoding": "base64",
    }  # fmt: skip
