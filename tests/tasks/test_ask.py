from datetime import date
from pathlib import Path

import pytest

from tasks.ask import NotFound, find_article, find_called, find_near, find_quote, find_quotes, find_said
from tasks.catalog import build_catalog
from tasks.lake import Lake
from tests.tasks.staging import article, ingest

SPEAKERS = ("Ida Lee", "Tom Lee", "Ida Lee", "Mara Leeds")


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Lake:
    lake = Lake(tmp_path_factory.mktemp("ask") / "lake")
    articles = [
        article(f"quay {i}", source_member=f"{i}", speaker=speaker, published_on=date(2026, i, 28))
        for i, speaker in enumerate(SPEAKERS, 1)
    ]
    ingest(lake, articles)
    build_catalog(lake)
    return lake


def test_those_whom_a_name_adds_up_are_told(lake: Lake) -> None:
    found = [(one["name"], one["n_quotes"]) for one in find_called(lake, "lee")]
    assert found == [("Ida Lee", 2), ("Tom Lee", 1)]
    assert len(find_quotes(lake, speaker="lee")) == 3
    assert [one["name"] for one in find_called(lake, "tom lee")] == ["Tom Lee"]
    assert find_called(lake, "nobody") == []


def test_quotes_between_two_days(lake: Lake) -> None:
    found = find_quotes(lake, since=date(2026, 2, 28), until=date(2026, 3, 28))
    assert [row["published_on"].month for row in found] == [3, 2]
    assert [row["published_on"].month for row in find_quotes(lake, speaker="lee", until=date(2026, 3, 27))] == [2, 1]


def test_the_key_of_an_article_is_no_quote(lake: Lake) -> None:
    (quote,) = find_quotes(lake, speaker="tom")
    prefix = quote["article_id"][:10]
    assert find_article(lake, prefix)["quotes"]
    with pytest.raises(NotFound, match=f"{prefix} is no quote but an article.* {quote['quote_id'][:8]}$"):
        find_quote(lake, prefix)
    with pytest.raises(NotFound, match="no quote_id begins with 'zzz'"):
        find_quote(lake, "zzz")


def test_the_nearest_wordings_are_those_with_the_rare_words(tmp_path: Path) -> None:
    lake = Lake(tmp_path / "lake")
    texts = [f"We have not seen the number {i} boat." for i in range(20)]
    texts += ["The harbour wall is crumbling, and we have not the money.", "Crumbling, the harbour wall is crumbling."]
    texts += ["The harbour wall is crumbling, and we have not the money."]
    ingest(lake, [article(f"a{i}", text, source_member=str(i)) for i, text in enumerate(texts)])
    build_catalog(lake)
    words = "We saw: the harbour wall is crumbling"
    assert find_said(lake, words) == []
    assert [(row["content"], row["lacks"]) for row in find_near(lake, words)] == [
        (texts[-1], ["saw"]),
        (texts[-2], ["saw", "we"]),
    ]
    assert find_near(lake, words, limit=1)[0]["lacks"] == ["saw"]
    for common in ("the boat we have not seen", "have the", "nobody ever said", "…", ""):
        assert find_near(lake, common) == [], common
