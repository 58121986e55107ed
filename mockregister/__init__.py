"""A stand-in for the Danish National Patient Register (Landspatientregisteret 3, LPR3).

The path of one submission is the path through the folders: ``web`` takes bytes from HTTP, ``envelope`` finds the
clinical documents in them, ``document`` reads each into the logical ``model``, ``validation`` asks four levels what
is wrong, ``register`` stores what is right, and the answer goes back the same way. ``submission`` shows the whole path
in one function. ``mocking`` has what only a mock needs, ``synthetic`` makes patients who do not exist.

For testing only: this is not the register, and no real patient data belongs in it.
"""

__version__ = "0.2.0.dev0"
