"""Mend errors in a document where only one correction is possible, or one is clearly intended.

``written`` is a document as its sender wrote it, and edits of it; ``schema``, ``profile`` and ``integrity`` propose mends for
findings of levels 1, 2 and 3, and ``mending`` is the door. A mend is kept only if the finding it is for goes away and no other
comes. Nothing here writes a file: the caller gets the mended document and shows the difference first.
"""
