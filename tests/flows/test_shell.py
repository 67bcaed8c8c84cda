import io
import json
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from prompt_toolkit.application import create_app_session
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document
from prompt_toolkit.input import PipeInput, create_pipe_input
from prompt_toolkit.output import DummyOutput

from flows.shell import Shell, new_session, prompt, run_shell
from tasks.catalog import build_catalog
from tasks.lake import Lake, init_lake
from tasks.query import Limits
from tests.tasks.staging import article, ingest


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake(tmp_path_factory.mktemp("shell") / "lake")
    init_lake(lake)
    ingest(lake, [article("ferry", "=1+1 is what the ferry costs.")])
    build_catalog(lake)
    return lake


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("COLUMNS", "120")


def test_a_pipe_is_read_without_a_prompt(
    lake: Lake, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    lines = [
        ".mode json",
        "SELECT title,",
        "       ';' AS mark FROM articles;  SELECT 2 AS n; .export " + str(out),
        "SELECT text FROM articles;",
        f".export {out}",
        ".nonsense",
        "DROP VIEW quotes;",
        ".mode line",
        "SELECT title FROM articles",
    ]
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines)))
    assert run_shell(lake, Limits()) == 1  # for something went wrong on the way
    printed, complaints = capfd.readouterr()
    assert "onrecord>" not in printed
    decoder, found, rest = json.JSONDecoder(), [], printed
    while rest.startswith("["):
        rows, end = decoder.raw_decode(rest)
        found.append(rows)
        rest = rest[end:].lstrip()
    assert found[:2] == [[{"title": "Ferry", "mark": ";"}], [{"n": 2}]]
    assert rest.split() == ["title", "Ferry"]
    assert out.read_text() == "text\n'=1+1 is what the ferry costs.\n"
    assert "there is no .nonsense" in complaints
    assert "Permission Error" in complaints


def test_the_shell_explains_itself(
    lake: Lake, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(".help\n.tables\n.schema links\n.macros\n.examples\n.quit\n.nonsense"))
    assert run_shell(lake, Limits()) == 0
    printed = capfd.readouterr().out
    for words in (".export FILE", "quote_clusters", "The linked words.", "first_said(words)", "Who was quoted most"):
        assert words in printed


@pytest.fixture
def keys() -> Iterator[PipeInput]:
    with create_pipe_input() as typed, create_app_session(input=typed, output=DummyOutput()):
        yield typed


def test_a_statement_is_typed_over_several_lines_and_remembered(lake: Lake, keys: PipeInput, tmp_path: Path) -> None:
    keys.send_text("SELECT 1,\r2;\r.tables\r\x03SELECT 3;\r\x04")
    assert list(prompt(Shell(lake, Limits(), is_interactive=True))) == ["SELECT 1,\n2", ".tables", "SELECT 3"]
    history = tmp_path / "state" / "onrecord" / "sql-history"
    assert "+2;" in history.read_text()
    assert stat.S_IMODE(history.stat().st_mode) == 0o600


def test_tables_columns_macros_and_commands_are_completed(lake: Lake, keys: PipeInput) -> None:
    completer = new_session(Shell(lake, Limits(), is_interactive=True)).completer
    assert completer

    def complete(text: str) -> set[str]:
        return {found.text for found in completer.get_completions(Document(text), CompleteEvent())}

    assert complete("FROM quo") == {"quotes", "quotes_by", "quote_clusters", "quote_id", "quote_cluster_id"}
    assert complete("SELECT speaker_r") == {"speaker_role"}
    assert complete(".ex") == {".export", ".examples"}


def test_a_shell_goes_on_after_a_query_without_end(lake: Lake, capfd: pytest.CaptureFixture[str]) -> None:
    shell = Shell(lake, Limits(seconds=0.2), is_interactive=False)
    shell.run("FROM range(1_000_000_000_000) a, range(1_000_000) b WHERE a.range < b.range - 1e7")
    shell.run("SELECT 'still here' AS a")
    printed, complaints = capfd.readouterr()
    assert "stopped after 0.2 seconds" in complaints
    assert "still here" in printed
