import re
from pathlib import Path

from tasks.reasons import REASONS

PAGE = Path(__file__).parents[2] / "docs" / "quarantine.md"


def test_every_reason_is_documented_and_every_documented_reason_exists() -> None:
    documented = re.findall(r"^\| `(\w+)` \|", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(documented) == sorted(REASONS)
