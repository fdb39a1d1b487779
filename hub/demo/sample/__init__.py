"""The bundled sample: what a person meets first in a demonstration. This module names its files, nothing more.

Service keys (LeiKa), area keys (ARS), postcodes and names of places are real; texts are the project's own; offices'
addresses and numbers are invented: all e-mail and web addresses end in ``.example``, all telephone numbers are of the
ranges that the Bundesnetzagentur keeps free for fiction.
"""

from pathlib import Path

_FOLDER = Path(__file__).parent

AREAS = _FOLDER / "areas_2026-04-30.csv"
"""30 municipalities and what lies above them; the date of the list is in the file's name."""
POSTCODES = _FOLDER / "postcodes.csv"
LEIKA = _FOLDER / "leika.csv"
BUNDLES = _FOLDER / "bundles.csv"
SITUATIONS = _FOLDER / "situations.csv"

BUND = _FOLDER / "bund.xml"
"""Base texts and federal offices: XZuFi 2.2.0, agency B100019, areas 00."""
HESSEN = _FOLDER / "hessen.xml"
"""XZuFi 2.2.0, agency L100042, areas 06; it names entries of the Bund."""
SACHSEN = _FOLDER / "sachsen.xml"
"""XZuFi 2.3.1, agency L100017, areas 14; it names entries of the Bund."""

MESSAGES = (BUND, HESSEN, SACHSEN)
"""In the order in which they have to be read so that nothing waits."""
