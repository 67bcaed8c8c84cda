import csv
import io
import json
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from tasks import export as module
from tasks.export import ExportError, export

HOSTILE = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x")', "a\x00b\x1b[31m", "“é”\n,;\"'", ""]
TABLE = pa.table(
    {
        "=cmd()": HOSTILE,
        "n": list(range(-1, len(HOSTILE) - 1)),
        "big": [2**60] * len(HOSTILE),
        "score": pa.array([0.95] * len(HOSTILE), pa.float32()),
        "odd": [float("nan")] * len(HOSTILE),
        "on": [date(2026, 3, 1)] * len(HOSTILE),
        "at": pa.array([datetime(2026, 3, 1, 12, tzinfo=UTC)] * len(HOSTILE), pa.timestamp("us", "UTC")),
        "spans": [[{"start": 1, "end": 2}]] * len(HOSTILE),
        "raw": [b"\xff=1"] * len(HOSTILE),
        "none": pa.nulls(len(HOSTILE), pa.string()),
    }
)


def written(output: str, table: pa.Table = TABLE) -> bytes:
    target = io.BytesIO()
    assert export(table.to_reader(3), output, target) == table.num_rows
    return target.getvalue()


def test_csv_holds_no_formula() -> None:
    head, *rows = csv.reader(io.StringIO(written("csv").decode(), newline=""))
    assert head[0] == "'=cmd()"
    assert [row[0] for row in rows] == [f"'{value}" if value[:1] in tuple("=+-@\t\r") else value for value in HOSTILE]
    assert rows[0][1:] == [
        "-1", str(2**60), "0.95", "nan", "2026-03-01", "2026-03-01T12:00:00+00:00", '[{"start": 1, "end": 2}]', "�=1", "",
    ]  # fmt: skip


def test_json_and_json_lines_hold_the_same_rows() -> None:
    rows = json.loads(written("json"))
    assert (
        rows == [json.loads(line) for line in written("jsonl").decode().splitlines()]
        or rows[0]["odd"] != rows[0]["odd"]
    )
    assert [row["=cmd()"] for row in rows] == HOSTILE
    assert rows[0]["score"] == 0.95
    assert rows[0]["spans"] == [{"start": 1, "end": 2}]
    assert json.loads(written("json", TABLE.slice(0, 0))) == []


def test_parquet_keeps_the_types() -> None:
    found = pq.read_table(io.BytesIO(written("parquet")))
    assert found.schema == TABLE.schema
    assert found.drop_columns("odd").equals(TABLE.drop_columns("odd"))


def sheet(content: bytes) -> Worksheet:
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert isinstance(book.active, Worksheet)
    return book.active


def test_a_sheet_holds_text_where_text_looks_like_a_formula() -> None:
    cells: list[Any] = list(sheet(written("xlsx")).iter_rows())
    assert all(cell.data_type != "f" for row in cells for cell in row)
    assert cells[0][0].value == "=cmd()"
    assert [row[0].value for row in cells[1:5]] == HOSTILE[:4]
    assert cells[8][0].value == "a�b�[31m"
    assert [cell.value for cell in cells[1][1:7]] == [-1, str(2**60), 0.95, None, "2026-03-01", "2026-03-01 12:00:00"]


def test_a_sheet_that_is_too_small_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(list(sheet(written("xlsx", pa.table({"a": ["x" * 40_000]}))).iter_rows())) == 2
    monkeypatch.setattr(module, "EXCEL_ROWS", 5)
    with pytest.raises(ExportError, match="5 rows at most"):
        written("xlsx")
