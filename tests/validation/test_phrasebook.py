"""A phrasebook translates the sentences it has, with what is the same in both languages or is a sentence of the book, too."""

from __future__ import annotations

from mockregister.validation.phrasebook import Phrasebook

BOOK = Phrasebook([("{} is {}", "{} er {}"), ("{} is a file", "{} er en fil"), ("a letter", "et brev")])


def test_what_stands_in_a_sentence_is_kept_or_translated_with_it() -> None:
    assert BOOK.danish("'x' is a letter") == "'x' er et brev"


def test_of_several_sentences_that_fit_the_one_with_most_words_counts() -> None:
    assert BOOK.danish("it is a file") == "it er en fil"


def test_an_unknown_sentence_stays_as_it_is() -> None:
    assert BOOK.danish("nothing of it") == "nothing of it"
