"""The CDA R2 schema of level 1, in our own files, and the code that words its errors as Xerces does.

The ``.xsd`` files are the schema (start at ``clinical_document.xsd``). ``components`` reads them into types, ``content_model``
turns a type's particles into a table, ``simple_types`` and ``builtin_types`` check values, ``positions`` finds lines and columns,
``messages`` holds the sentences, and ``assessment`` walks a document with all of these.
"""

from pathlib import Path

FOLDER = Path(__file__).parent
