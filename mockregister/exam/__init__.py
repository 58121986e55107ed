"""The exam: stories that a record system has to report, and a verdict on what it reported.

A story tells a person what happens to patients, and says what the register must hold at the end. A sitting has a register of its
own; the verdict reads that register through its indexes whenever somebody asks for it.
"""
