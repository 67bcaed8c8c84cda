import csv
import io
import json

import pyarrow as pa
import pyarrow.parquet as pq

from tests.tasks.readers.reading import fields, read, verdicts

WORDS = "The ferry sails again, captain Ida Moss told reporters, and nobody in the harbour had believed it. " * 6
PAGE = (
    '<!doctype html><html><head><title>Ferry sails - Quill</title><meta property="og:title" content="Ferry sails">'
    '<meta property="article:published_time" content="2024-05-03T08:00:00Z"></head><body><nav><a href="/">Home</a></nav>'
    f"<article><h1>Ferry sails</h1><p>{WORDS}</p></article><footer>Imprint</footer></body></html>"
)
URL = "https://q.example/1"


def test_a_page_in_a_record_is_read_as_a_page(tmp_path):
    record = {"url": URL, "html": "\n" + PAGE, "timestamp": "2025-01-01T00:00:00Z", "language": "en"}
    out = io.StringIO()
    csv.writer(out).writerows([record.keys(), record.values()])
    parquet = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_pylist([record]), parquet)
    files = {"a.jsonl": json.dumps(record).encode(), "a.csv": out.getvalue().encode(), "a.parquet": parquet.getvalue()}
    for name, data in files.items():
        [found] = fields(tmp_path, name, bytes(data))
        assert (found["title"], found["url"], found["language"]) == ("Ferry sails", URL, "en")
        assert found["published"] == "2024-05-03T08:00:00Z"  # not the time at which the page was fetched
        assert WORDS.strip() in found["text"]
        assert "Imprint" not in found["text"]


def test_what_the_record_says_of_the_page_counts(tmp_path):
    record = {"title": "The ferry sails", "authors": ["Ann Lee"], "date": "2024-05-04", "content": PAGE}
    [found] = fields(tmp_path, "a.jsonl", json.dumps(record).encode())
    assert (found["title"], found["authors"]) == ("The ferry sails", ["Ann Lee"])
    assert found["published"] == "2024-05-03T08:00:00Z"


def test_a_page_that_is_no_article_is_refused_as_what_it_is(tmp_path):
    error = "<html><head><title>404 Not Found</title></head><body><h1>Not Found</h1></body></html>"
    items = read(tmp_path, "a.jsonl", "\n".join(json.dumps({"url": URL, "html": p}) for p in (error, PAGE)).encode())
    assert verdicts(items) == ["error_page", "Ferry sails"]


def test_a_fragment_of_html_stays_the_text_that_it_is(tmp_path):
    [found] = fields(tmp_path, "a.jsonl", json.dumps({"title": "F", "html": "<p>It sails.</p>"}).encode())
    assert (found["text"], found["markup"]) == ("<p>It sails.</p>", "html")
