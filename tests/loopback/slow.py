"""An extractor that takes its time for as long as a file exists, so that a run can be caught in the middle."""

import os
import time
from pathlib import Path
from typing import Any

from tasks.extract.rules import RuleExtractor


class SlowExtractor(RuleExtractor):
    def extract(self, *article: Any) -> Any:
        if Path(os.environ["LOOPBACK_SLOW"]).exists():
            time.sleep(0.2)
        return super().extract(*article)
