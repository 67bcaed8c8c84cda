"""What all workers need, for the process that they are forked from: loaded once, and in memory once.

That process imports this and does nothing else; nothing in it depends on the settings of a run.
"""

from __future__ import annotations

import atexit
import contextlib
import gc

from schemas.expectations import VALIDATED, suite_for
from tasks import process as process
from tasks.normalise.language import read_language

for _table in VALIDATED:
    suite_for(_table)
read_language("The ferry leaves at nine in the morning.")  # loads the detector
with contextlib.suppress(ImportError):  # onrecord[html] is not installed
    from tasks.readers.html import page_fields

    page_fields(b"<p>The ferry leaves at nine.</p>", content_type=None, url=None)  # loads lists of words
gc.collect()
gc.freeze()  # what is here stays, so that no worker's collector writes to these pages
atexit.register(gc.unfreeze)  # workers end without this
