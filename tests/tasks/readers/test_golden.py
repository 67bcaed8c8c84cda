"""Golden pairs: a file of each format beside the records that its reader must yield.

`pytest tests/tasks/readers --regenerate` writes the latter anew; read the difference before you keep it.
"""

import json
from pathlib import Path
from typing import Any

import pytest

from tasks.readers import ReadOptions, read_file
from tasks.readers.formats import FORMATS
from tasks.records import RawFile, RawRecord, Rejection

GOLDEN = Path(__file__).parent / "golden"
FILES = sorted(path for path in GOLDEN.glob("*/*") if not path.name.endswith(".expected.json"))


def shown(item: RawRecord | Rejection) -> dict[str, Any]:
    """What a person checks of a record or a rejection."""
    if isinstance(item, Rejection):
        return {"member": item.member, "reason_code": item.reason_code, "reason": item.reason}
    return {"member": item.member, "format": item.format, "fields": item.fields}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.relative_to(GOLDEN).as_posix())
def test_golden(path: Path, request: pytest.FixtureRequest) -> None:
    items = [shown(item) for item in read_file(RawFile(path, path.name), ReadOptions())]
    expected = path.with_name(f"{path.name}.expected.json")
    if request.config.getoption("--regenerate", default=False):
        expected.write_text(json.dumps(items, indent=2, ensure_ascii=False) + "\n", "utf-8")
    assert json.loads(expected.read_text("utf-8")) == json.loads(json.dumps(items))


def test_every_format_has_a_golden_file() -> None:
    assert {path.parent.name for path in FILES} == set(FORMATS)
