"""What all workers need, for the process that they are forked from: loaded once, and in memory once.

The process that forks imports this and nothing else. It has no threads of Python's, opens no file of a run, and nothing
in it depends on a run's settings.
"""

from __future__ import annotations

import contextlib
import gc

from schemas.expectations import VALIDATED, suite_for
from tasks import process as process
from tasks.normalise.language import read_language

for _table in VALIDATED:
    suite_for(_table)
read_language("The ferry leaves at nine in the morning.")  # loads the detector
with contextlib.suppress(ImportError):  # onrecord[html] is not installed
    from tasks.readers import html as html
gc.collect()
gc.freeze()  # what is here stays, so that no worker's collector writes to these pages
