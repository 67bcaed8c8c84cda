"""What the pages of docs/ show works as it stands there."""

import re
import shlex
import sys
from pathlib import Path

import pytest

from flows.cli import main
from tests.conftest import Ran

DOCS = Path(__file__).parents[2] / "docs"
LAKE = "data/processed"
START = (DOCS / "start.md").read_text(encoding="utf-8")
RECIPES = re.findall(r"```python\n(.+?)```", (DOCS / "recipes.md").read_text(encoding="utf-8"), re.DOTALL)


def questions() -> list[str]:
    lines = re.findall(r"^onrecord (.+?)(?:\s{2,}#.*)?$", START, re.MULTILINE)
    return [line for line in lines if not line.startswith(("run ", "mapping "))]


def test_there_is_something_to_try() -> None:
    assert len(questions()) >= 8
    assert len(RECIPES) >= 6


@pytest.mark.parametrize("command", questions())
def test_the_commands_of_the_first_ten_minutes(
    ran: Ran, command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["onrecord", *shlex.split(command), "--lake", str(ran.lake.root)])
    with pytest.raises(SystemExit) as ended:
        main()
    printed = capsys.readouterr().out
    assert ended.value.code == 0, printed
    assert printed.strip()
    assert "No quote" not in printed


@pytest.mark.parametrize("code", RECIPES)
def test_the_recipes_in_python(ran: Ran, code: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert LAKE in code
    exec(code.replace(LAKE, str(ran.lake.root)), {})
    assert capsys.readouterr().out.strip()


def test_the_followed_article_is_what_the_page_says(ran: Ran) -> None:
    from tasks.ask import run_sql

    page = " ".join(re.sub(r"(?m)^> ?", "", (DOCS / "concepts.md").read_text(encoding="utf-8")).split())
    (row,) = run_sql(
        ran.lake,
        "SELECT q.*, a.text, a.authors, a.published_raw FROM quotes q JOIN articles a USING (article_id)"
        " WHERE a.source_uri = 'text/gazette-linnet-bridge-soft-clay.txt' AND starts_with(q.verbatim[1], 'This is bad')",
    ).to_pylist()
    assert " ".join(row["text"].split())
    first, second = row["content_spans"]
    assert f"{first['start']}–{first['end']} and {second['start']}–{second['end']}" in page
    assert f"text[{first['start']}:{first['end']}]" in page
    for name in ("speaker", "resolution", "rule", "speaker_role", "speaker_affiliation", "published_raw"):
        assert str(row[name]) in page, name
    assert f"{row['confidence']:.2f}" in page
    assert row["authors"] == ["Nell Hathersage"]
