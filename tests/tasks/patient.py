"""An extractor that waits in the middle of a batch until a file is there, so that a test can act meanwhile."""

import time
from pathlib import Path

from tasks.extract.base import Extraction


class Patient:
    """Waits where a text says `Wait for PATH.`, having left a file beside it that says it has come there."""

    name, version = "patient", "1"

    def extract(self, title: str, text: str, language: str | None) -> Extraction:
        if text.startswith("Wait for "):
            path = Path(text.removeprefix("Wait for ").removesuffix("."))
            path.with_suffix(".reached").touch()
            while not path.exists():
                time.sleep(0.02)
        return Extraction()


PATIENT = f"{__name__}:Patient"
