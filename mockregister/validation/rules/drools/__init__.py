"""The notation of the published rule list: left-hand sides of Drools rules, in the small subset that the register uses.

``syntax`` has the parts of a condition and writes them, ``parser`` reads them, ``vocabulary`` defines the types, fields and
functions that conditions use, and ``translation`` turns conditions into those of our own rules.
"""
