"""The journal of a store in a folder, while several threads use it."""

import os
from contextlib import closing
from pathlib import Path

import pytest

from mockregister.errors import StoreGone
from mockregister.register.transaction_log import TransactionLog


def test_a_transaction_written_during_the_check_is_not_taken_for_a_loss(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
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


def test_a_file_that_was_made_shorter_is_gone(tmp_path: Path) -> None:
    with closing(TransactionLog(tmp_path / "journal.log")) as log:
        log.append(1, {"do": []})
        os.truncate(log.path, 10)
        with pytest.raises(StoreGone, match=r"cut off at byte 10 of 2\d "):
            log.check_place()
        with pytest.raises(StoreGone, match="cut off at byte 10"):
            log.append(2, {"do": []})
