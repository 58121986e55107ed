"""Mend errors in a document where only one correction is possible, or one is clearly intended.

``mending`` is the entry point. ``schema``, ``profile``, ``integrity`` and ``codes`` propose mends for findings of levels 1 to 4,
``written`` changes the text of a document, and ``sentences`` describes each mend. Every proposed mend is tried, and kept only if
less is wrong with the document afterwards. Nothing here writes a file: the caller gets the mended document and can show the
difference first.
"""
