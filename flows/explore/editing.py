"""Edit mode: forms by which a person decides about a quote or a name, each added as a line to the corrections file.

The lake itself is not changed here: decisions count from the next run on, or from `onrecord corrections apply`.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from flows.explore.app import Site
from tasks.ask import NotFound
from tasks.corrections import Decision, about_quote, append, read
from tasks.corrections.decisions import Refused, decide
from tasks.corrections.make import Ambiguous, as_it_is, names_of, speaker_named
from tasks.identity.corrections import CorrectionsError
from tasks.lake import Lake

LARGEST = 64 * 1024  # bytes of a form
SAID = {
    "wrong_speaker": "somebody else speaks",
    "not_a_quote": "this is no quote",
    "confirm": "quote and speaker are right",
    "same_person": "these names are one",
}


@dataclass(frozen=True)
class Desk:
    """Who decides, into which file, and the token that shows that a form came from here."""

    who: str
    path: Path
    token: str

    def decided(self, quote_id: str) -> list[Decision]:
        """What has been decided on a quote, the latest last, whether it counts already or not."""
        return read(self.path).on_quote(quote_id)


def routes(site: Site) -> list[Route]:
    """The addresses that forms are sent to; none where nothing can be changed."""
    desk = site.desk
    if desk is None:
        return []

    async def endpoint(request: Request) -> Response:
        form = await _form(request)
        if not hmac.compare_digest(form.get("token", "").encode(), desk.token.encode()):
            return site.refuse(request, 403)
        back = await run_in_threadpool(_decide, site.reader.lake, desk, request.path_params["kind"], form)
        return RedirectResponse(back, 303)

    return [Route("/decide/{kind}", endpoint, methods=["POST"])]


async def _form(request: Request) -> dict[str, str]:
    """The first value of each field of a form, without the white space around it."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LARGEST:
            raise HTTPException(400, "The form is too large.")
    fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=20)
    return {name: values[0].strip() for name, values in fields.items()}


def _decide(lake: Lake, desk: Desk, kind: str, form: dict[str, str]) -> str:
    """Adds the decision; the address to go on to. Raises HTTPException where it can't be made."""
    try:
        about = _parts(lake, kind, form)
        decision = decide(kind, desk.who, form.get("why", ""), **about)
        append(desk.path, decision)
    except (NotFound, Ambiguous, Refused, CorrectionsError) as error:
        raise HTTPException(400, f"{error}.") from error
    if kind == "same_person":
        return f"/name/{form['name']}?decided={decision.id}"
    return f"/article/{about['quote'].article_id}?quote={form['quote']}&decided={decision.id}#explained"


def _parts(lake: Lake, kind: str, form: dict[str, str]) -> dict[str, Any]:
    """The fields of a decision."""
    if kind not in SAID:
        raise HTTPException(404)
    if kind == "same_person":
        return {"names": names_of(lake, [form.get("name", ""), form.get("other", "")])}
    if kind == "confirm":
        return as_it_is(lake, form.get("quote", ""))
    quote = about_quote(lake, form.get("quote", ""))
    if kind == "not_a_quote":
        return {"quote": quote}
    if form.get("speaker"):
        return {"quote": quote, **speaker_named(lake, form["speaker"], quote.article_id)}
    if form.get("unnamed"):
        return {"quote": quote, "speaker": None}
    raise HTTPException(400, "Say who speaks, or that the article does not name who.")
