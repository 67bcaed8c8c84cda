"""What all workers need, for the process that they are forked from: loaded once, and in memory once.

That process imports this and does nothing else; nothing in it depends on the settings of a run. To load what records
need, a page and a dump go through all stages, with the extractor that runs have unless they name another.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from tasks.extract.load import ExtractorError
from tasks.process import RunContext, process_batch
from tasks.records import RawFile

# With too little text for an article, upon which the reader of web pages tries all it has, lists of words among it.
PAGE = "<html><title>Ferry</title><body><div>The ferry leaves at nine.</div></body></html>"
DUMP = """Ferry Leaves

May 3, 2026

“The [ferry](https://courier.example/ferry) leaves at nine in the morning,” said Ida Moss.

Original url:

<https://courier.example/ferry-leaves>
"""


def preload(folder: Path) -> None:
    """Has a page and a dump read, validated, extracted from and staged under ``folder``."""
    files = [RawFile(folder / "page.html", "page.html"), RawFile(folder / "dump.txt", "dump.txt")]
    for file, content in zip(files, (PAGE, DUMP), strict=True):
        file.path.write_text(content, encoding="utf-8")
    process_batch(0, files, RunContext("preload", datetime.now(UTC), folder / "staged", "press"))


# Whatever is wrong here, a worker that needs it says.
with contextlib.suppress(ExtractorError, OSError), tempfile.TemporaryDirectory() as _folder:
    preload(Path(_folder))
gc.collect()
gc.freeze()  # what is here stays, so that no worker's collector writes to these pages
atexit.register(gc.unfreeze)  # workers end without this
