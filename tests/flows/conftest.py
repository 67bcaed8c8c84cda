"""A lake that the whole session shares: the sample, run once by the real flow."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tasks.lake import Lake


@dataclass(frozen=True)
class Ran:
    """A lake, and the summary of the run that made it."""

    lake: Lake
    summary: dict[str, Any]


@pytest.fixture(scope="session")
def ran(prefect_server: None, sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    from flows.news_etl import news_etl
    from flows.settings import Settings

    root = tmp_path_factory.mktemp("sample") / "lake"
    return Ran(Lake(root), news_etl(sample, root, settings=Settings(workers=1)))
