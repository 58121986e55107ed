"""Compare level 2 with a Schematron in Saxon on documents that differ in ids and patient.

    python bench/schematron.py SCHEMATRON.xsl

The file is a Schematron as a stylesheet that reports in SVRL. ART-DECOR makes the Schematron from the register's export, and
``iso_svrl_for_xslt2.xsl`` of ISO Schematron makes the stylesheet. Neither is part of this project. Install Saxon with
``pip install saxonche``. The stylesheet is compiled first. Both get parsed documents, and check each document in turn.
"""

from __future__ import annotations

import sys
from statistics import median
from time import process_time

from patients import of_patient
from saxonche import PySaxonProcessor

from mockregister import safexml
from mockregister.validation.editions import NEWEST

WARM, ROUNDS = 20, 50


def main(stylesheet: str) -> None:
    """Print the cost per document of both."""
    with PySaxonProcessor(license=False) as saxon:
        schematron = saxon.new_xslt30_processor().compile_stylesheet(stylesheet_file=stylesheet)
        theirs, ours = list[float](), list[float]()
        for number in range(WARM + ROUNDS):
            content = of_patient(number)
            document, root = saxon.parse_xml(xml_text=content.decode()), safexml.parse(content)
            started = process_time()
            schematron.transform_to_string(xdm_node=document)
            theirs.append(process_time() - started)
            started = process_time()
            NEWEST.profile.check(root)
            ours.append(process_time() - started)
    first, (other, own) = ours[0], (median(times[WARM:]) for times in (theirs, ours))
    print(f"one document of {len(content)} bytes, {ROUNDS} of them, milliseconds of CPU")
    print(f"Saxon {other * 1000:.2f}, level 2 {own * 1000:.3f}: {other / own:.0f} x")
    print(f"the first document, which includes compiling the profile: {first * 1000:.0f}")


if __name__ == "__main__":
    main(sys.argv[1])
