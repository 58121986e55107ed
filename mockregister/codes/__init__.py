"""What the national registers know: SKS codes and code lists, SOR units, authority codes, CPR and CVR numbers.

``tables.CodeTables`` is the bundle a register asks; the modules beside it hold one register each. Nothing here looks at a
document or at the clock: every question brings its own moment.
"""
