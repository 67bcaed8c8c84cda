from datetime import date

import pytest

from tasks.ask import NotFound, find_article, find_called, find_quote, find_quotes
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
