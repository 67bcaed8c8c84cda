"""What the README shows works as it stands there."""

import re
import shlex
import sys
from pathlib import Path

import pytest

from flows.cli import main
from tests.conftest import Ran

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
LAKE = "data/processed"


def commands() -> list[str]:
    """The questions of the README: its lines that call onrecord, but for running the pipeline."""
    lines = re.findall(r"^(?:\.venv/bin/)?onrecord (.+?)(?:\s{2,}#.*)?$", README, re.MULTILINE)
    return [line for line in lines if not line.startswith("run ")]


def test_there_are_commands_to_try() -> None:
    assert len(commands()) >= 5


@pytest.mark.parametrize("command", commands())
def test_commands(ran: Ran, command: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    article = ran.lake.root  # the one placeholder: an article's key
    arguments = shlex.split(command)
    if arguments[0] == "article":
        import pyarrow.parquet as pq

        arguments[1] = pq.read_table(article / "articles").column("article_id")[0].as_py()[:8]
    monkeypatch.setattr(sys, "argv", ["onrecord", *arguments, "--lake", str(ran.lake.root)])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert capsys.readouterr().out.strip()


def test_python(ran: Ran, capsys: pytest.CaptureFixture[str]) -> None:
    (code,) = re.findall(r"```python\n(.+?)```", README, re.DOTALL)
    assert LAKE in code
    exec(code.replace(LAKE, str(ran.lake.root)), {})
    assert "speaker" in capsys.readouterr().out


def test_every_page_it_names_exists() -> None:
    for page in ROOT.glob("**/*.md"):
        if ".venv" in page.parts:
            continue
        for link in re.findall(r"\]\(([^)#\s]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8")):
            if "://" not in link and not re.search(r"\.\.\.|…", link):
                assert (page.parent / link).exists(), f"{page.name}: {link}"


def test_the_table_of_exit_codes_is_the_programs() -> None:
    from flows.start import EXIT_BUSY, EXIT_FAILED, EXIT_QUARANTINED, EXIT_USAGE

    text = " ".join(README.split())
    for code, words in (
        (0, "done"),
        (EXIT_FAILED, "failed"),
        (EXIT_USAGE, "wrong argument or path"),
        (EXIT_QUARANTINED, "more refused than"),
        (EXIT_BUSY, "another run holds the lake"),
    ):
        assert f"{code} {words}" in text
