import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from flows.explore.editing import Desk
from tasks.corrections import read
from tasks.lake import Lake
from tests.flows.explore.conftest import client_of
from tests.tasks.staging import article, children, ingest

FERRY = article("ferry")["article_id"]
QUOTE = children(article("ferry", "The ferry to Brünn is late."))["quotes"][0]["quote_id"]
HERE = {"origin": "http://127.0.0.1"}


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake(tmp_path_factory.mktemp("editing"))
    ingest(lake, [article("ferry", "The ferry to Brünn is late.")])
    return lake


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk("Ada Kern", tmp_path / "corrections.jsonl", "form-token")


@pytest.fixture
def editor(lake: Lake, desk: Desk) -> Iterator[TestClient]:
    with client_of(lake, desk=desk) as client:
        yield client


def send(editor: TestClient, kind: str, **fields: str) -> tuple[int, str]:
    answer = editor.post(f"/decide/{kind}", data={"token": "form-token", **fields}, headers=HERE)
    return answer.status_code, answer.text


def test_a_decision_is_added_to_the_file_and_shown(editor: TestClient, desk: Desk) -> None:
    form = editor.get(f"/article/{FERRY}?quote={QUOTE}").text
    assert re.findall(r'action="(/decide/\w+)"', form) == [
        "/decide/wrong_speaker",
        "/decide/not_a_quote",
        "/decide/confirm",
    ]
    status, page = send(editor, "wrong_speaker", quote=QUOTE, speaker="Jo <b>Kern", why="She says “no”.")
    assert status == 200
    assert "Noted." in page and "Jo &lt;b&gt;Kern" in page
    assert send(editor, "wrong_speaker", quote=QUOTE, unnamed="1", why="Not said.")[0] == 200
    assert send(editor, "not_a_quote", quote=QUOTE, why="A title.")[0] == 200
    assert send(editor, "confirm", quote=QUOTE)[0] == 200
    decisions = read(desk.path).decisions
    assert [(d.decision, d.who, d.why) for d in decisions] == [
        ("wrong_speaker", "Ada Kern", "She says “no”."),
        ("wrong_speaker", "Ada Kern", "Not said."),
        ("not_a_quote", "Ada Kern", "A title."),
        ("confirm", "Ada Kern", ""),
    ]
    assert [getattr(d, "speaker", None) for d in decisions] == ["Jo <b>Kern", None, None, "Ida Holm"]


def test_two_names_are_the_same(editor: TestClient, desk: Desk) -> None:
    holm = re.findall(r'"/name/(\w+)"', editor.get("/names?q=holm").text)[0]
    assert "One and the same?" in editor.get(f"/name/{holm}").text
    assert send(editor, "same_person", name=holm, other="Nobody Else", why="x")[0] == 400
    assert send(editor, "same_person", name=holm, other="Nørreby", why="x")[0] == 400  # a place
    assert read(desk.path).decisions == ()


@pytest.mark.parametrize(
    ("kind", "fields", "status"),
    [
        ("wrong_speaker", {"quote": QUOTE, "why": "x"}, 400),
        ("not_a_quote", {"quote": "0" * 32, "why": "x"}, 400),
        ("forget", {"quote": QUOTE}, 404),
        ("confirm", {"quote": QUOTE, "token": "wrong"}, 403),
        ("confirm", {"quote": QUOTE, "token": ""}, 403),
        ("confirm", {"quote": "x" * 70_000}, 400),
    ],
)
def test_what_can_t_be_decided_changes_nothing(
    editor: TestClient, desk: Desk, kind: str, fields: dict[str, str], status: int
) -> None:
    assert send(editor, kind, **fields)[0] == status
    assert not desk.path.exists()


def test_forms_of_other_sites_are_refused(editor: TestClient, desk: Desk) -> None:
    fields = {"quote": QUOTE, "token": "form-token"}
    assert editor.post("/decide/confirm", data=fields).status_code == 403
    assert editor.post("/decide/confirm", data=fields, headers={"origin": "http://evil.example"}).status_code == 403
    assert editor.post("/decide/confirm", data=fields, headers={"origin": "null"}).status_code == 403
    assert not desk.path.exists()


def test_without_edit_mode_there_are_no_forms(lake: Lake, desk: Desk) -> None:
    with client_of(lake) as reader:
        assert 'method="post"' not in reader.get(f"/article/{FERRY}?quote={QUOTE}").text
        assert reader.post("/decide/confirm", data={"quote": QUOTE}, headers=HERE).status_code == 404
