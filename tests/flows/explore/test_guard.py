from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from flows.explore.guard import known_host
from tests.flows.explore.conftest import TOKEN, client_of
from tests.flows.explore.lakes import hostile_lake


@pytest.fixture
def stranger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    lake = hostile_lake(tmp_path_factory.mktemp("guard"))
    with client_of(lake, token="", hosts=frozenset({"newsroom.example"})) as client:
        client.follow_redirects = False
        yield client


def test_without_the_token_nothing_is_shown(stranger: TestClient) -> None:
    for path in ("/", "/names", "/quotes.csv", "/chart/runs.svg", "/?token=wrong", "/?token=", "/nope"):
        answer = stranger.get(path)
        assert answer.status_code == 401
        assert "Holm" not in answer.text
        assert "onrecord explore" in answer.text
        assert not answer.cookies
    assert stranger.get("/static/style.css").status_code == 200


def test_the_token_is_exchanged_for_a_cookie_and_leaves_the_address(stranger: TestClient) -> None:
    answer = stranger.get(f"/names?q=holm&token={TOKEN}&label=PER")
    assert (answer.status_code, answer.headers["location"]) == (303, "/names?q=holm&label=PER")
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie and TOKEN not in cookie
    assert stranger.get("/names?q=holm").status_code == 200


def test_the_redirect_stays_on_this_server(stranger: TestClient) -> None:
    assert stranger.get(f"http://127.0.0.1//evil.example/x?token={TOKEN}").headers["location"] == "/evil.example/x"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "", "localhost.evil"])
def test_a_name_that_was_let_point_here_is_turned_away(stranger: TestClient, host: str) -> None:
    answer = stranger.get(f"/?token={TOKEN}", headers={"host": host})
    assert answer.status_code == 421
    assert not answer.cookies


@pytest.mark.parametrize(
    "host", ["127.0.0.1:8765", "localhost", "[::1]:80", "LOCALHOST:1", "192.0.2.7", "newsroom.example:8765"]
)
def test_addresses_and_names_of_this_machine_are_known(host: str) -> None:
    assert known_host(host, frozenset({"newsroom.example"}))


def test_every_answer_forbids_what_pages_can_do_to_each_other(stranger: TestClient) -> None:
    answers = [stranger.get("/"), stranger.get("/", headers={"host": "evil.example"}), stranger.get("/static/keys.js")]
    stranger.get(f"/?token={TOKEN}")
    answers += [stranger.get(path) for path in ("/", "/nope", "/quotes.csv", "/?confidence=x")]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy and "unsafe" not in policy
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "same-origin"


def test_nothing_but_reading(stranger: TestClient) -> None:
    stranger.get(f"/?token={TOKEN}")
    origin = {"origin": "http://127.0.0.1"}
    assert stranger.post("/", headers=origin).status_code == 405
    assert stranger.post("/").status_code == 403
    assert stranger.post("/", headers={"origin": "http://evil.example"}).status_code == 403
