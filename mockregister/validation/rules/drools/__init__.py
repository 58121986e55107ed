"""The notation of the published rule list: left-hand sides of Drools rules, in the small subset that the register uses.

``syntax`` has the parts of a condition and writes them, ``parser`` reads them, ``vocabulary`` knows the types, fields and
functions that they speak of, and ``translation`` makes the conditions of our own rules from them.
"""
