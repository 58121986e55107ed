"""Explain findings on demand: the parts that decided, each with its value and line, what is declared, and what to do.

``deciding`` takes a rule's condition apart, ``wording`` says its parts in English or Danish, ``business``, ``integrity`` and
``structure`` explain the findings of levels 4, 3 and 1 to 2, and ``explain`` is the entry point. ``causes`` groups what follows
from the same value. None of this runs unless an explanation is requested.
"""
