import pytest
from rich.console import Console

from flows import results
from flows.results import show_lines, show_rows

WIDE = [{f"column_{i}": f"value {row}.{i} {'x' * 100}" for i in range(9)} for row in range(2)]


def shown(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], rows: object, is_terminal: bool) -> str:
    monkeypatch.setattr(results, "out", Console(width=80, force_terminal=is_terminal, color_system=None))
    show_rows(rows)  # type: ignore[arg-type]
    return capsys.readouterr().out


def test_a_result_that_is_too_wide_for_a_terminal_has_a_value_a_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = shown(monkeypatch, capsys, WIDE, is_terminal=True).split("\n")
    assert lines[0] == f"column_0  value 0.0 {'x' * 100}"
    assert lines[9:11] == ["", f"column_0  value 1.0 {'x' * 100}"]


def test_a_result_that_fits_is_a_table_and_so_is_one_in_a_pipe(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    few = [dict(list(row.items())[:3]) | {"n": 1} for row in WIDE]
    assert shown(monkeypatch, capsys, few, is_terminal=True).split()[:4] == ["column_0", "column_1", "column_2", "n"]
    short = [{f"c{i}": i for i in range(16)}]
    assert shown(monkeypatch, capsys, short, is_terminal=True).split()[16:] == [str(i) for i in range(16)]
    assert "column_0  value" not in shown(monkeypatch, capsys, WIDE, is_terminal=False)
    assert shown(monkeypatch, capsys, [], is_terminal=True) == "nothing found\n"


def test_lines_are_whole_and_steer_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    show_lines([{"title": "a\x1b[2Jb", "text": "y" * 5000, "none": None}])
    assert capsys.readouterr().out.split("\n") == ["title  a�[2Jb", f" text  {'y' * 5000}", " none  ", ""]
