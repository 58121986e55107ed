"""Explain findings on demand: the parts that decided, each with its value and line, what is declared, and what to do.

``explain`` is the entry point, ``afterwards`` that for submissions answered before. ``schema``, ``structure``, ``integrity`` and
``business`` explain the findings of levels 1 to 4. ``deciding`` takes a rule's condition apart; ``naming``, ``value_places`` and
``wording`` say its parts with their lines, in English or Danish; ``advising`` says what to do. ``causes`` groups what follows
from the same value. None of this runs unless an explanation is requested.
"""
