"""Who may ask: a token, then a cookie; the Host that was meant; and headers that keep a page to itself.

A page on the web can make a browser ask this server, under a name of its own that it lets point here (DNS rebinding).
So a Host is believed where it is an address, or a name that the server was started for. The cookie's name holds the
port, because browsers send cookies to every port of a host.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie
from ipaddress import ip_address
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with none at all, browsers hide where a form comes from
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}
OPEN = ("/static/",)  # what a page that turns somebody away needs itself


class Guard:
    """ASGI middleware that lets in who has the token, and answers the others with the pages it is given."""

    def __init__(
        self, app: ASGIApp, token: str, hosts: frozenset[str], refuse: Callable[[Request, int], Response]
    ) -> None:
        self.app, self.token, self.hosts, self.refuse = app, token, hosts, refuse
        self.session = secrets.token_urlsafe(32)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers a request, or hands it on."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        answer = self._answer(scope)
        await (answer or self.app)(scope, receive, _with_headers(send))

    def _answer(self, scope: Scope) -> Response | None:
        """The response to a request that goes no further; None where it may."""
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not known_host(host, self.hosts):
            return self.refuse(Request(scope), 421)
        if scope["path"].startswith(OPEN):
            return None
        cookie = f"onrecord_{(scope.get('server') or ('', 0))[1]}"
        asked = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        tokens = [value for name, value in asked if name == "token"]
        if tokens and scope["method"] == "GET":
            if not hmac.compare_digest(tokens[0].encode(), self.token.encode()):
                return self.refuse(Request(scope), 401)
            rest = urlencode([(name, value) for name, value in asked if name != "token"])
            response = RedirectResponse("/" + scope["path"].lstrip("/") + (f"?{rest}" if rest else ""), 303)
            response.set_cookie(cookie, self.session, httponly=True, samesite="strict", path="/")
            response.headers["Cache-Control"] = "no-store"
            return response
        if not hmac.compare_digest(_cookie(headers, cookie).encode(), self.session.encode()):
            return self.refuse(Request(scope), 401)
        if scope["method"] not in ("GET", "HEAD") and headers.get("origin") not in (
            f"http://{host}",
            f"https://{host}",
        ):
            return self.refuse(Request(scope), 403)
        return None


def known_host(host: str, names: frozenset[str]) -> bool:
    """Whether a Host header is an IP address, `localhost`, or one of the names."""
    name = host.strip().lower()
    name = name[1:].partition("]")[0] if name.startswith("[") else name.rpartition(":")[0] or name
    try:
        ip_address(name)
    except ValueError:
        return name == "localhost" or name in names
    return True


def _cookie(headers: Headers, name: str) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(name)
    except CookieError:
        return ""
    return found.value if found else ""


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return sending
