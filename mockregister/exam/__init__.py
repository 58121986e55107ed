"""The exam: stories that a record system has to report, and a verdict on what it reported.

A story is told to a person and says what must be so in the register at the end. A sitting gives the stories to a register of its
own; the verdict reads that register through its indexes whenever somebody asks for it.
"""
