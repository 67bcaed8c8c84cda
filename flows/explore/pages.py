"""The pages: each reads what its address asks for, and renders its template."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from flows.explore import editing
from flows.explore.app import Site, key_of
from tasks.explore import article, health, name, search, words
from tasks.explore.filters import KINDS, SORTS, UNNAMED, Filters
from tasks.explore.reader import Reading


def routes(site: Site) -> list[Route]:
    """The addresses of the pages."""
    pages: dict[str, Callable[[Site, Request, Reading], Response]] = {
        "/": show_search,
        "/article/{key}": show_article,
        "/quote/{key}": show_quote,
        "/names": show_names,
        "/name/{key}": show_name,
        "/words": show_word_list,
        "/words/{key}": show_words,
        "/health": show_health,
        "/health/run/{key}": show_run,
        "/health/refused": show_refused,
        "/health/refused/{key}": show_one_refused,
    }
    return [Route(path, site.page(_bound(site, make)), name=make.__name__) for path, make in pages.items()]


def _bound(site: Site, make: Callable[[Site, Request, Reading], Response]) -> Callable[[Request, Reading], Response]:
    return lambda request, reading: make(site, request, reading)


def show_search(site: Site, request: Request, reading: Reading) -> Response:
    """The front page: quotes that meet the filters of the address."""
    filters = Filters.parse(request.query_params)
    page = _page(request, search.DEEPEST)
    found, hits = search.search(reading, filters, page)
    return site.render(
        "search.html",
        filters=filters,
        found=found,
        hits=hits,
        page=page,
        n_pages=min(-(-found["n"] // search.PAGE), search.DEEPEST),
        chips=_chips(reading, filters),
        months=_spans(found["month"]),
        kinds=KINDS,
        sorts=SORTS,
        unnamed=UNNAMED,
        is_empty=not found["n"] and reading.one("SELECT 1 AS n FROM lookup.quote LIMIT 1") is None,
    )


def show_article(site: Site, request: Request, reading: Reading) -> Response:
    """An article, and why one quote of it has its speaker if the address names one (`?quote=`)."""
    place = article.place_of(reading, "article", key_of(request))
    if place is None:
        raise HTTPException(404)
    if place["id"] != key_of(request):
        return _whole(request, place["id"])
    found = article.read_article(reading, place["article_id"], place["month"])
    chosen = request.query_params.get("quote", "")
    explained = article.explanation(reading, found, chosen) if chosen in found["quotes"] else None
    return site.render(
        "article.html", explained=explained, chosen=chosen, decided=request.query_params.get("decided", ""),
        decisions=site.desk.decided(chosen) if site.desk else [], said=editing.SAID, **found,
    )  # fmt: skip


def show_quote(site: Site, request: Request, reading: Reading) -> Response:
    """Leads from a quote to its place in its article."""
    place = article.place_of(reading, "quote", key_of(request))
    if place is None:
        raise HTTPException(404)
    return RedirectResponse(f"/article/{place['article_id']}?quote={place['id']}#explained", 303)


def show_names(site: Site, request: Request, reading: Reading) -> Response:
    """People, organisations and places, most quoted first."""
    label, asked = request.query_params.get("label", ""), request.query_params.get("q", "")[:200]
    page = _page(request, 1000)
    rows = name.list_names(reading, label if label in name.LABELS else "", asked, page)
    return site.render(
        "names.html", names=rows[: name.NAMES_A_PAGE], is_more=len(rows) > name.NAMES_A_PAGE, label=label, q=asked,
        page=page, labels=name.LABELS,
    )  # fmt: skip


def show_name(site: Site, request: Request, reading: Reading) -> Response:
    """A person, an organisation or a place."""
    entity = name.find_name(reading, key_of(request))
    if entity is None:
        raise HTTPException(404)
    if entity["entity_id"] != key_of(request):
        return _whole(request, entity["entity_id"])
    decided = request.query_params.get("decided", "")
    return site.render("name.html", entity=entity, decided=decided, **name.describe(reading, entity))


def show_word_list(site: Site, request: Request, reading: Reading) -> Response:
    """Utterances that several articles have."""
    page = _page(request, 1000)
    rows = words.list_words(reading, page)
    return site.render(
        "wordlist.html", rows=rows[: words.CLUSTERS_A_PAGE], is_more=len(rows) > words.CLUSTERS_A_PAGE, page=page
    )


def show_words(site: Site, request: Request, reading: Reading) -> Response:
    """An utterance: who printed it first, and in which words."""
    found = words.find_words(reading, key_of(request))
    if found is None:
        raise HTTPException(404)
    if found["cluster"]["quote_cluster_id"] != key_of(request):
        return _whole(request, found["cluster"]["quote_cluster_id"])
    return site.render("words.html", **found)


def show_health(site: Site, _: Request, reading: Reading) -> Response:
    """How the lake is doing."""
    return site.render("health.html", runs=health.list_runs(reading), reasons=health.list_reasons(reading))


def show_run(site: Site, request: Request, reading: Reading) -> Response:
    """One run."""
    run = health.find_run(reading, request.path_params["key"])
    if run is None:
        raise HTTPException(404)
    return site.render("run.html", run=run, report=reading.lake.report_dir(run["run_id"]))


def show_refused(site: Site, request: Request, reading: Reading) -> Response:
    """Refused records."""
    reason, page = request.query_params.get("reason", ""), _page(request, 1000)
    rows = health.list_refused(reading, reason, page)
    return site.render(
        "refused.html", rows=rows[: health.REFUSED_A_PAGE], is_more=len(rows) > health.REFUSED_A_PAGE, page=page,
        reason=reason, reasons=health.list_reasons(reading),
    )  # fmt: skip


def show_one_refused(site: Site, request: Request, reading: Reading) -> Response:
    """One refused record with its bytes."""
    row = health.find_refused(reading, key_of(request))
    if row is None:
        raise HTTPException(404)
    if row["quarantine_id"] != key_of(request):
        return _whole(request, row["quarantine_id"])
    raw = health.printable_bytes(row["raw"]) if row["raw"] is not None else None
    return site.render("refusal.html", row=row, raw=raw)


def _whole(request: Request, key: str) -> Response:
    """Leads to the address with the whole key from one that has its first digits, or a key that it has replaced."""
    folder = request.url.path.rpartition("/")[0]
    return RedirectResponse(f"{folder}/{key}{'?' if request.url.query else ''}{request.url.query}", 303)


def _page(request: Request, deepest: int) -> int:
    given = request.query_params.get("page", "1")
    return min(max(int(given), 1), deepest) if given.isascii() and given.isdigit() and len(given) < 9 else 1


def _chips(reading: Reading, filters: Filters) -> list[dict[str, str]]:
    """The filters that are set, in words, each with the address without it."""
    said = {
        "q": f"words: {filters.q}",
        "speaker": "no named speaker" if filters.speaker == UNNAMED else f"said by {_named(reading, filters.speaker)}",
        "about": f"naming {_named(reading, filters.about)}",
        "publisher": f"in {filters.publisher}",
        "kind": f"{filters.kind} quotes",
        "since": f"from {filters.since}",
        "until": f"to {filters.until}",
        "confidence": f"confidence {filters.confidence:.2f} or more",
    }
    default = Filters()
    return [
        {"says": says, "without": "/" + filters.address(**{key: getattr(default, key)})}
        for key, says in said.items()
        if getattr(filters, key) != getattr(default, key)
    ]


def _named(reading: Reading, given: str) -> str:
    """The name of an entity that is given by its id."""
    if len(given) != 32:
        return given
    row = reading.one("SELECT name FROM lookup.entity WHERE entity = TRY_CAST(? AS UUID)", [given])
    return str(row["name"]) if row else given


def _spans(months: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The months of a facet, or its years where the months are many, each with its first and last day."""
    from calendar import monthrange

    spans: dict[str, dict[str, Any]] = {}
    are_many = len(months) > 12
    for row in months:
        year, month = row["value"][:4], row["value"][5:7]
        key = year if are_many else f"{year}-{month}"
        since, until = (1, 12) if are_many else (int(month), int(month))
        span = spans.setdefault(
            key,
            {
                "value": f"{year}-{since:02}-01",
                "until": f"{year}-{until:02}-{monthrange(int(year), until)[1]}",
                "is_year": are_many,
                "n": 0,
            },
        )
        span["n"] += row["n"]
    return list(spans.values())
