import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.records import Rejection
from tests.tasks.readers.reading import fields, read, verdicts

GOOD = {"title": "Ferry", "text": "It sails."}
DOCK = {"title": "Dock", "text": "It is dry."}


def lines(*values):
    return "\n".join(v if isinstance(v, str) else json.dumps(v) for v in values).encode()


def test_a_bad_line_is_one_row_with_its_number_and_the_rest_is_read(tmp_path):
    data = lines(GOOD, '{"title": "cut', "", "nonsense", 42, ["a", "b"], {}, {"title": 7, "text": "x"}, GOOD)
    items = read(tmp_path, "a.jsonl", data)
    bad = ["malformed_json", "malformed_json", "wrong_type", "wrong_type", "wrong_type", "wrong_type"]
    assert verdicts(items) == ["Ferry", *bad, "Ferry"]
    assert [item.member for item in items] == [f"line:{n}" for n in (1, 2, 4, 5, 6, 7, 8, 9)]
    assert [item.column for item in items if isinstance(item, Rejection)][-1] == "title"


def test_several_objects_in_a_line_are_all_read(tmp_path):
    items = read(tmp_path, "a.jsonl", json.dumps(GOOD).encode() * 2 + b"\n" + json.dumps(GOOD).encode())
    assert [item.member for item in items] == ["line:1.1", "line:1.2", "line:2"]


@pytest.mark.parametrize(
    "between", ["", ",", "\x85", "\u2028", "\x1e", ",\n", "\n\ufeff", "\n\x1e", "\n\ufeff\n", "\r"]
)
def test_whatever_stands_between_records_parts_them(tmp_path, between):
    data = between.join((json.dumps(GOOD), json.dumps(DOCK), json.dumps(GOOD))).encode()
    for name in ("a.jsonl", "a.json"):
        assert verdicts(read(tmp_path, name, data)) == ["Ferry", "Dock", "Ferry"]


@pytest.mark.parametrize(
    ("before", "behind"),
    [
        ("var articles = ", ";\n"),
        ("window.dump.part0 = ", ""),
        ("callback(", ");"),
        (")]}',\n", ""),
        ("// of 1 May\n", "\n"),
        ("/* of\n1 May */ ", ""),
    ],
)
def test_json_in_a_script_is_json(tmp_path, before, behind):
    for name in ("a.json", "a.js", "a.txt"):
        for value in ([GOOD, DOCK], {"articles": [GOOD, DOCK]}):
            data = (before + json.dumps(value, indent=1) + behind).encode()
            assert verdicts(read(tmp_path, name, data)) == ["Ferry", "Dock"]


def test_noise_is_one_row_however_long_it_is(tmp_path):
    for noise in (b"1 " * 1_000, b'"" ' * 1_000, b"]" * 1_000, b"}" * 1_000):
        assert len(read(tmp_path, "a.jsonl", b'{"title": "Ferry", "text": "x"}\n' + noise)) == 2
        assert len(read(tmp_path, "a.json", b'[{"title": "Ferry", "text": "x"}]' + noise)) <= 3


def test_a_record_beyond_the_limit_does_not_touch_its_neighbours(tmp_path):
    giant = {"title": "Giant", "text": "x" * 5_000}
    for name, data in (("a.jsonl", lines(GOOD, giant, GOOD)), ("a.json", json.dumps([GOOD, giant, GOOD]).encode())):
        items = read(tmp_path, name, data, max_record_bytes=1_000)
        assert verdicts(items) == ["Ferry", "oversize_record", "Ferry"]


def test_numbers_that_json_does_not_know_count_as_missing(tmp_path):
    [record] = fields(tmp_path, "a.jsonl", b'{"title": NaN, "date": Infinity, "text": "It sails."}')
    assert "title" not in record
    assert "published" not in record


def test_lone_surrogates_do_not_reach_the_record(tmp_path):
    [record] = fields(tmp_path, "a.jsonl", rb'{"title": "Fer\ud800ry", "text": "It sails."}')
    assert record["title"] == "Fer\ufffdry"


@pytest.mark.parametrize(
    "wrap",
    [
        lambda r: {"took": 3, "hits": {"total": 2, "hits": [{"_id": i, "_source": a} for i, a in enumerate(r)]}},
        lambda r: {"data": {"page": {"edges": [{"cursor": "x", "node": a} for a in r]}}},
        lambda r: {"meta": {"tags": [1, 2]}, "wire": {"stories_of_the_day": r}},
        lambda r: [{"_index": "news", "_source": a} for a in r],
    ],
)
def test_lists_are_found_in_envelopes_of_any_name(tmp_path, wrap):
    data = json.dumps(wrap([GOOD, {"title": "Dock", "text": "It is dry."}])).encode()
    assert [record["title"] for record in fields(tmp_path, "a.json", data)] == ["Ferry", "Dock"]


@pytest.mark.parametrize(
    "value",
    [
        {"0": GOOD, "1": DOCK},
        {"https://q.example/1": GOOD, "https://q.example/2": DOCK},
        {"columns": ["title", "text"], "index": [0, 1], "data": [list(GOOD.values()), list(DOCK.values())]},
        {"columns": [{"name": "title"}, {"name": "text"}], "rows": [list(GOOD.values()), list(DOCK.values())]},
        {"title": {"0": "Ferry", "1": "Dock"}, "text": {"0": "It sails.", "1": "It is dry."}, "n": {"0": 1, "1": 2}},
        {"title": ["Ferry", "Dock"], "text": ["It sails.", "It is dry."], "date": [None, None]},
        {"title": "The Quill", "home_page_url": "https://q.example", "items": [GOOD, DOCK]},
        {"pages": [{"n": 1, "articles": [GOOD]}, {"n": 2, "articles": [DOCK]}]},
        {"payload": {"op": "c", "after": {"a": GOOD, "b": DOCK}}},
    ],
)
def test_an_object_may_be_a_whole_table(tmp_path, value):
    data = json.dumps(value).encode()
    assert [record["title"] for record in fields(tmp_path, "a.json", data)] == ["Ferry", "Dock"]


def test_records_of_a_table_that_are_no_articles_are_refused_one_by_one(tmp_path):
    by_number = {"0": GOOD, "1": {"title": "No text"}, "2": {"id": 3}}
    items = read(tmp_path, "a.json", json.dumps(by_number).encode())
    assert verdicts(items) == ["Ferry", "No text", "wrong_type"]
    cells = {"columns": ["title", "text"], "data": [["Ferry", "It sails."], ["Dock"]]}
    assert verdicts(read(tmp_path, "b.json", json.dumps(cells).encode())) == ["Ferry", "wrong_type"]


@pytest.mark.parametrize(
    "notes",
    [
        {"related": [DOCK]},
        {"text": None, "related": [DOCK, DOCK]},
        {"text": {"sections": []}, "next": DOCK},
        {"fields": {"headline": "Dock", "trailText": "dry"}},
    ],
)
def test_an_article_is_never_passed_over_for_one_inside_it(tmp_path, notes):
    [item] = read(tmp_path, "a.json", json.dumps({**GOOD, **notes}).encode())
    assert getattr(item, "column", None) == "text" or item.fields["title"] == "Ferry"


@pytest.mark.parametrize("wrap", [lambda text: text, lambda text: {"topic": "news", "offset": 7, "value": text}])
def test_a_message_may_hold_its_article_as_a_string(tmp_path, wrap):
    assert fields(tmp_path, "a.jsonl", lines(wrap(json.dumps(GOOD)), json.dumps(wrap(json.dumps(GOOD)))))


def test_fields_of_the_guardian_stand_beside_those_in_its_object(tmp_path):
    item = {"webTitle": "Ferry", "webUrl": "https://q.example/1", "fields": {"headline": "Ferry", "bodyText": "It."}}
    [record] = fields(tmp_path, "a.json", json.dumps({"response": {"results": [item]}}).encode())
    assert (record["url"], record["text"]) == ("https://q.example/1", "It.")


def test_a_line_may_wrap_its_article_and_an_article_its_notes(tmp_path):
    data = lines({"_id": 1, "_source": GOOD}, {**GOOD, "related": [{"title": "Dock", "text": "No."}], "x": GOOD})
    assert [record["title"] for record in fields(tmp_path, "a.jsonl", data)] == ["Ferry", "Ferry"]


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize(
    "wrap", [lambda r: r, lambda r: {"status": "ok", "articles": r}, lambda r: {"response": {"docs": r}}]
)
def test_lists_and_responses_that_wrap_them(tmp_path, indent, wrap):
    data = json.dumps(wrap([GOOD, {"title": "Dock", "text": "]}[{"}]), indent=indent).encode()
    assert [record["title"] for record in fields(tmp_path, "a.json", data)] == ["Ferry", "Dock"]


def test_a_document_of_one_article_has_no_member(tmp_path):
    [item] = read(tmp_path, "a.json", json.dumps(GOOD, indent=1).encode())
    assert item.member is None


def test_a_bad_element_costs_only_itself(tmp_path):
    data = b'[{"title": "Ferry", "text": "x"}, {"title": bad}, 42, {"title": "Dock", "text": "y"}]'
    assert verdicts(read(tmp_path, "a.json", data)) == ["Ferry", "malformed_json", "wrong_type", "Dock"]


@pytest.mark.parametrize("end", ['{"title": "cut', "", ","])
def test_an_array_that_is_cut_off_says_so(tmp_path, end):
    data = b'[{"title": "Ferry", "text": "x"}, ' + end.encode()
    items = read(tmp_path, "a.json", data)
    assert verdicts(items) == ["Ferry", "malformed_json"]
    assert "cut off" in items[1].reason


def test_an_empty_list_or_file_of_lines_holds_no_record(tmp_path):
    assert read(tmp_path, "a.json", b"[]") == []
    assert read(tmp_path, "a.jsonl", b"") == []


def test_nesting_without_end_is_a_rejection(tmp_path):
    assert verdicts(read(tmp_path, "a.jsonl", b'{"title": ' + b"[" * 100_000)) == ["malformed_json"]
    deep = b'{"title": ' + b"[" * 900 + b"]" * 900 + b"}"
    assert verdicts(read(tmp_path, "a.jsonl", deep)) in (["wrong_type"], ["malformed_json"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=50)
@given(
    st.lists(st.fixed_dictionaries({"title": st.text(min_size=1), "text": st.text(), "x": st.lists(st.text())})),
    st.booleans(),
)
def test_an_array_and_its_lines_hold_the_same_records(tmp_path, records, ascii):
    array = json.dumps(records, ensure_ascii=ascii, indent=1).encode("utf-8", "replace")
    rows = "".join(json.dumps(r, ensure_ascii=ascii) + "\n" for r in records).encode("utf-8", "replace")
    one, other = read(tmp_path, "a.json", array), read(tmp_path, "a.jsonl", rows)
    assert verdicts(one) == verdicts(other)
    assert len(one) == len(records)
    assert [getattr(i, "fields", None) for i in one] == [getattr(i, "fields", None) for i in other]


@pytest.mark.parametrize(
    ("item", "verdict"),
    [
        ({"type": "picture", "renditions": {}, "body_text": "A gull"}, "not_an_article"),
        (
            {"type": "event", "versionCreated": "2024-05-03", "bodies": [{"role": "main", "value": "x"}]},
            "not_an_article",
        ),
        ({"type": "composite", "versioncreated": "2024-05-03"}, "not_an_article"),
        ({"type": "composite", "versioncreated": "2024-05-03", "body_text": "It sails."}, "Ferry"),
        ({"type": "text", "pubstatus": "canceled", "body_text": "It sails."}, "not_published"),
        ({"type": "text", "pubstatus": "usable", "body_text": "It sails."}, "Ferry"),
        ({"type": "picture", "text": "A table's own idea of a type."}, "Ferry"),
    ],
)
def test_news_items_that_are_no_articles(tmp_path, item, verdict):
    assert verdicts(read(tmp_path, "a.json", json.dumps({"uri": "urn:1", "headline": "Ferry", **item}).encode())) == [
        verdict
    ]


def test_a_news_item_with_a_description_alone_is_a_summary(tmp_path):
    described = {"descriptions": [{"role": "text", "value": "It sails."}]}, {"description_text": "It sails."}
    for description in described:
        item = {"uri": "urn:1", "headline": "Ferry", "versioncreated": "2024-05-03", **description}
        [found] = fields(tmp_path, "a.json", json.dumps(item).encode())
        assert (found["text"], found["is_summary_only"]) == ("It sails.", True)


def test_of_several_bodies_the_one_that_is_understood_is_read(tmp_path):
    bodies = [
        {"contentType": "text/vnd.IPTC.NITF", "value": "<nitf/>"},
        {"contentType": "text/plain", "value": "It sails."},
    ]
    [found] = fields(tmp_path, "a.json", json.dumps({"headline": "Ferry", "bodies": bodies}).encode())
    assert found["text"] == ["It sails."]


def test_a_text_that_says_how_much_is_missing_is_a_summary(tmp_path):
    [found] = fields(tmp_path, "a.json", json.dumps({"title": "Ferry", "content": "It sails… [+2345 chars]"}).encode())
    assert (found["text"], found["is_summary_only"]) == ("It sails…", True)


FEED = {"version": "https://jsonfeed.org/version/1.1", "title": "Courier", "description": "News", "language": "en"}


def test_json_feed(tmp_path):
    entries = [
        {
            "id": "https://c.example/1",
            "title": "Ferry",
            "content_html": "<p>It sails.</p>",
            "author": {"name": "Ann Lee"},
        },
        {"id": "2", "title": "Dock", "content_text": "It is dry.", "date_published": "2024-05-03T10:15:00Z"},
        7,
    ]
    data = json.dumps({**FEED, "authors": [{"name": "Bo Marsh"}], "items": entries}).encode()
    ferry, dock, seven = read(tmp_path, "feed.json", data)
    assert ferry.fields == {
        "title": "Ferry",
        "url": "https://c.example/1",
        "text": "<p>It sails.</p>",
        "markup": "html",
        "authors": [{"name": "Ann Lee"}],
        "language": "en",
        "publisher_name": "Courier",
    }
    assert (dock.fields["text"], dock.fields["authors"]) == ("It is dry.", [{"name": "Bo Marsh"}])
    assert dock.fields["published"] == "2024-05-03T10:15:00Z"
    assert isinstance(seven, Rejection)


def test_a_list_of_articles_may_have_a_title_of_its_own(tmp_path):
    data = json.dumps({"title": "All news", "items": [GOOD, {"title": "Dock", "text": "It is dry."}]}).encode()
    assert verdicts(read(tmp_path, "a.json", data)) == ["Ferry", "Dock"]
    links = json.dumps({"title": "Ferry", "stories": [{"title": "Dock", "url": "https://c.example/2"}]}).encode()
    assert verdicts(read(tmp_path, "a.json", links)) == ["Ferry"]


def test_a_text_may_lie_deeper_than_the_title_of_its_article(tmp_path):
    article = {
        "webTitle": "Ferry",
        "webUrl": "https://c.example/1",
        "fields": {"headline": "Ferry", "body": "It sails."},
    }
    data = json.dumps({"response": {"results": [article]}}).encode()
    [found] = fields(tmp_path, "a.json", data)
    assert (found["title"], found["url"], found["text"]) == ("Ferry", "https://c.example/1", "It sails.")


def test_the_bylines_of_an_agency_are_objects(tmp_path):
    item = {
        "uri": "u",
        "headline": "Ferry",
        "bylines": [{"by": "By ANN LEE", "title": "AP"}],
        "body_nitf": "<p>It sails.</p>",
    }
    data = json.dumps({"data": {"items": [{"meta": {}, "item": item}]}}).encode()
    [found] = fields(tmp_path, "a.json", data)
    assert (found["byline"], found["text"], found["markup"]) == ("By ANN LEE", "<p>It sails.</p>", "html")


def test_those_who_take_the_pictures_are_no_authors(tmp_path):
    authors = [{"name": "Ann Lee", "role": "writer"}, {"name": "Bo Marsh", "role": "photographer"}]
    [found] = fields(tmp_path, "a.json", json.dumps({**GOOD, "authors": authors}).encode())
    assert found["authors"] == [{"name": "Ann Lee"}]


def test_a_feed_turned_into_json(tmp_path):
    item = {"title": "Ferry", "dc:creator": "Ann Lee", "dc:date": "2024-05-03", "content:encoded": "<p>It sails.</p>"}
    data = json.dumps({"rss": {"channel": {"title": "Courier", "item": [item, item]}}}).encode()
    for found in fields(tmp_path, "a.json", data):
        assert (found["authors"], found["published"], found["text"]) == ("Ann Lee", "2024-05-03", "<p>It sails.</p>")
