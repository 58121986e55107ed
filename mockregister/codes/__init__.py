"""The national registers: SKS codes and code lists, SOR units, authority codes, CPR and CVR numbers.

``tables.CodeTables`` is the bundle that a register uses; each other module covers one register. Nothing here reads a document
or the clock: the caller passes the moment.
"""
