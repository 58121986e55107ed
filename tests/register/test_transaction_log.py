"""Several threads use the journal of a store in a folder."""

import os
from contextlib import closing
from pathlib import Path

import pytest

from mockregister.errors import StoreGone
from mockregister.register.transaction_log import TransactionLog


def test_a_transaction_that_is_written_during_a_check_does_not_count_as_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    measured, waiting = os.fstat, [1]

    def measured_before_another_wrote(file: int) -> os.stat_result:
        found = measured(file)
        if waiting:
            log.append(waiting.pop(), {"do": []})
        return found

    with closing(TransactionLog(tmp_path / "journal.log")) as log:
        log.begin()
        monkeypatch.setattr(os, "fstat", measured_before_another_wrote)
        log.check_place()
        assert [line.number for line in log.read()] == [1]


def test_a_shortened_file_is_reported_as_gone(tmp_path: Path) -> None:
    with closing(TransactionLog(tmp_path / "journal.log")) as log:
        log.append(1, {"do": []})
        os.truncate(log.path, 10)
        with pytest.raises(StoreGone, match=r"cut off at byte 10 of 2\d "):
            log.check_place()
        with pytest.raises(StoreGone, match="cut off at byte 10"):
            log.append(2, {"do": []})
