"""The web app: its addresses, its pages' frame, and the pages that say what went wrong and what to do."""

from __future__ import annotations

import hashlib
import logging
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from importlib import resources
from typing import TYPE_CHECKING, Any, TypeAlias

from jinja2 import Environment, PackageLoader, StrictUndefined
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from flows.explore import text
from flows.explore.guard import Guard
from flows.settings import code_version
from tasks.explore.filters import BadFilter
from tasks.explore.reader import Reader, Reading, TooSlow
from tasks.lake import Lake, LakeError

if TYPE_CHECKING:
    from flows.explore.editing import Desk

log = logging.getLogger("onrecord.explore")

Page: TypeAlias = Callable[[Request, Reading], Response]

WRONG = {
    400: ("That can't be asked", "Change the address, or start again from the search."),
    401: ("Open the link from the terminal", "This page is for whoever started the explorer."),
    403: ("Not sent from this page", "Open the page again and send the form from there."),
    404: (
        "Nothing here",
        "The lake holds nothing under this address, or no longer.",
    ),
    405: ("That can't be done here", "The explorer only reads the lake."),
    421: ("Not this server's name", "Open it under the address that the terminal printed."),
    500: ("Something broke", "It is a defect of this software; the terminal shows what happened."),
    503: ("Not now", "Try again in a moment."),
}


@dataclass
class Site:
    """What all pages share. ``desk`` is where decisions go in edit mode, None where nothing can be changed."""

    reader: Reader
    desk: Desk | None = None
    templates: Environment = field(init=False)
    version: str = field(init=False)

    def __post_init__(self) -> None:
        self.templates = Environment(
            loader=PackageLoader("flows.explore"),
            autoescape=True,
            finalize=text.shown,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        self.templates.filters |= text.FILTERS
        self.version = _version()
        self.templates.globals |= {"version": self.version, "desk": self.desk}

    def render(self, template: str, code: int = 200, **values: Any) -> HTMLResponse:
        """A page."""
        return HTMLResponse(self.templates.get_template(template).render(values), code)

    def page(self, make: Page, seconds: float = 10.0) -> Callable[[Request], Response]:
        """An endpoint that reads the lake; browsers keep what it says for as long as the lake does not change."""

        def endpoint(request: Request) -> Response:
            with self.reader.reading(seconds) as reading:
                tag = f'W/"{reading.snapshot.stamp}-{self.version}"'
                if self.desk is None and tag in request.headers.get("if-none-match", ""):
                    return Response(status_code=304, headers={"ETag": tag, "Cache-Control": "private, no-cache"})
                response = make(request, reading)
                if response.status_code == 200:
                    response.headers["ETag"] = tag
                response.headers["Cache-Control"] = "private, no-cache" if self.desk is None else "no-store"
                return response

        return endpoint

    def refuse(self, request: Request, status: int, detail: str = "") -> Response:
        """The page that says what is wrong and what to do about it."""
        title, advice = WRONG.get(status, WRONG[500])
        response = self.render(
            "wrong.html", status, title=title, advice=advice, detail=detail, status=status, address=request.url.path
        )
        response.headers["Cache-Control"] = "no-store"
        return response


def _version() -> str:
    """Changes with the software, its style sheet and its templates."""
    digest = hashlib.blake2b(code_version().encode(), digest_size=5)
    for folder in ("static", "templates"):
        for path in sorted(resources.files("flows.explore").joinpath(folder).iterdir(), key=lambda entry: entry.name):
            digest.update(path.read_bytes())
    return digest.hexdigest()


def key_of(request: Request) -> str:
    """The key in an address, or its first hex digits; a page that says that there is none otherwise."""
    key: str = request.path_params["key"].lower()
    if not 1 <= len(key) <= 32 or not set(key) <= set("0123456789abcdef"):
        raise HTTPException(404)
    return key


def create_app(lake: Lake, token: str, hosts: frozenset[str] = frozenset(), desk: Desk | None = None) -> Starlette:
    """The explorer over a lake, for whoever has the token; ``hosts`` are further names that it may be asked under."""
    from flows.explore import charts, downloads, editing, pages

    site = Site(Reader(lake), desk)

    def wrong(request: Request, error: Exception) -> Response:
        if isinstance(error, HTTPException):
            return site.refuse(request, error.status_code, error.detail if error.status_code == 400 else "")
        if isinstance(error, BadFilter):
            return site.refuse(request, 400, str(error))
        if isinstance(error, TooSlow):
            return site.refuse(request, 503, "The question took too long. Narrow it: a speaker, a paper, fewer years.")
        if isinstance(error, LakeError):
            return site.refuse(request, 503, f"{error}.")
        log.error("%s %s", request.method, request.url.path, exc_info=error)
        return site.refuse(request, 500)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        charts.load()
        threading.Thread(target=charts.warm_up, daemon=True).start()
        yield
        site.reader.close()

    routes = [
        *pages.routes(site),
        *downloads.routes(site),
        *charts.routes(site),
        *editing.routes(site),
        Mount("/static", _Static(packages=[("flows.explore", "static")])),
    ]
    app = Starlette(
        routes=routes,
        exception_handlers=dict.fromkeys((HTTPException, BadFilter, TooSlow, LakeError, Exception), wrong),
        middleware=[
            Middleware(Guard, token=token, hosts=hosts, refuse=site.refuse),
            Middleware(GZipMiddleware, minimum_size=1000, compresslevel=5),
        ],
        lifespan=lifespan,
    )
    app.state.site = site
    return app


class _Static(StaticFiles):
    """The style sheet and the script, whose addresses change with them."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
        return response
