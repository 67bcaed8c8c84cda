"""Addresses: which are usable, which are the same page, and whose they are. article_id rests on canonical_url."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urljoin

import idna

from tasks.normalise.wordlists import words

if TYPE_CHECKING:
    from tldextract import TLDExtract

MAX_LENGTH = 2048  # characters
MAX_SLUG = 80  # characters

# Parameters that say where a reader came from, never which article is shown.
TRACKING = words(
    """
    fbclid gclid gclsrc dclid gbraid wbraid msclkid yclid twclid ttclid igshid igsh li_fat_id mc_cid mc_eid mkt_tok
    _ga _gl _hsenc _hsmi vero_id vero_conv oly_enc_id oly_anon_id wickedid epik trk trkinfo s_cid s_kwcid spm ocid
    cmp cmpid cid_source ncid icid intcmp smid smtyp mbid xtor wtmc wt_mc wt_zmc wt.mc_id wt.tsrc ns_source
    ns_mchannel ns_campaign ns_linkname ns_fee ref ref_src ref_url referrer referer referrer_access_token guccounter
    guce_referrer guce_referrer_sig soc_src soc_trk sr_share tpcc taid __twitter_impression share_id shareadraft amp
    amp_js_v amp_gsa usqp outputtype rss
    """
)
_TRACKING_PREFIXES = ("utm_", "at_", "itm_", "hsa_", "pk_", "mtm_", "piwik_", "matomo_")
_MOBILE_LABELS = words("www m amp mobile")
_SECOND_LEVEL = words("ac co com edu gob gov go gouv govt mil ne net or org")  # example.co.uk


_URL = re.compile(
    r"(?P<scheme>https?)://(?:[^/?#@]*@)?(?P<host>[^/?#@:\[\]]+)(?::(?P<port>\d*))?(?P<path>/[^?#]*)?(?:\?(?P<query>[^#]*))?(?:#(?P<fragment>.*))?",
    re.I | re.S,
)
_BARE = re.compile(r"www\.[^\s/.]+\.[^\s/]+", re.I)
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060\ufeff]")
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)+")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})|%")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_CACHED_AMP = re.compile(r"/(?:c|v|amp)/(?:s/)?(?P<rest>[^/].*)", re.S)
_AMP_END = re.compile(r"(?:/amp|\.amp)(?P<end>\.html?)?$", re.I)


class _Parts(NamedTuple):
    scheme: str
    host: str
    port: int | None
    path: str
    query: str | None
    fragment: str | None

    def geturl(self) -> str:
        port = "" if self.port is None else f":{self.port}"
        query = "" if self.query is None else f"?{self.query}"
        fragment = "" if self.fragment is None else f"#{self.fragment}"
        return f"{self.scheme}://{self.host}{port}{self.path}{query}{fragment}"


def clean_url(value: Any, base: str | None = None) -> str | None:
    """The address as a valid http(s) URL, or None if it is not one. Never raises.

    `www.x.org/y` and `//x.org/y` are given https; user and password are removed, the host is in lower case and
    punycode, and characters that no URL may hold are percent-encoded. With ``base``, relative addresses are resolved.
    """
    parts = _parse(value, base)
    url = parts.geturl() if parts else None
    return url if url and len(url) <= MAX_LENGTH else None


def canonical_url(value: Any) -> str | None:
    """One form for all addresses of the same page (docs/normalising.md lists the rules); None if it is no URL.

    Applied to its own result it changes nothing.
    """
    parts = _parse(value)
    if parts is None:
        return None
    parts = _without_amp_cache(parts)
    host = _canonical_host(parts.host)
    port = None if parts.port in (80, 443) else parts.port
    path = _canonical_path(parts.path)
    query = "&".join(p for p in (parts.query or "").split("&") if p and not _is_tracking(p)) or None
    fragment = parts.fragment if parts.fragment and parts.fragment.startswith("!") else None
    url = _Parts("https", host, port, path, query, fragment).geturl()
    return url if len(url) <= MAX_LENGTH else None


def is_front_page(url: str) -> bool:
    """Whether a canonical URL is a site's front page, which is no article's address."""
    return url.count("/") == 3 and url.endswith("/")


def publisher_of(url: str | None) -> str | None:
    """The registered domain of a URL (`bbc.co.uk`), or its host where that has none; None if it is no URL."""
    parts = _parse(url)
    return _registered_domain(parts.host) or parts.host if parts else None


def slug(name: str | None) -> str | None:
    """A name as a key: letters and digits in lower case without accents, joined by hyphens; None if none is left."""
    decomposed = unicodedata.normalize("NFKD", (name or "")[:1000].casefold()).casefold()
    letters = "".join(c if c.isalnum() else " " for c in decomposed if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", "-".join(letters.split()))[:MAX_SLUG].strip("-") or None


def _parse(value: Any, base: str | None = None) -> _Parts | None:
    if not isinstance(value, str):
        return None
    text = _CONTROLS.sub("", value.strip()[: 4 * MAX_LENGTH]).strip()
    if not text or len(text) > MAX_LENGTH:
        return None
    if text.startswith("//") or _BARE.match(text):
        text = "https:" + ("" if text.startswith("//") else "//") + text
    elif base and not re.match(r"[a-z][a-z0-9+.-]*:", text, re.I):
        try:
            text = urljoin(base, text)
        except ValueError:
            return None
    match = _URL.fullmatch(text.replace("\\", "/") if text[:8].lower().startswith(("http:\\", "https:\\")) else text)
    if not match:
        return None
    host = _clean_host(match["host"])
    port = int(match["port"]) if match["port"] and len(match["port"]) <= 5 else 0 if match["port"] else None
    if host is None or (port is not None and not 1 <= port <= 65535):
        return None
    try:
        path, query, fragment = (_encode(match[name]) for name in ("path", "query", "fragment"))
    except UnicodeEncodeError:  # a lone surrogate
        return None
    return _Parts(match["scheme"].lower(), host, port, path or "/", query, fragment)


def _clean_host(host: str) -> str | None:
    host = host.rstrip(".").lower()
    if not host.isascii():
        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            return None
    return host if len(host) <= 253 and _HOST.fullmatch(host) else None


def _encode(part: str | None) -> str | None:
    """Percent-encodes what a URL may not hold, and writes escapes in one way: capitals, none that is not needed."""
    if part is None:
        return None

    def escape(match: re.Match[str]) -> str:
        if match[1] is None:
            return "%25"
        character = chr(int(match[1], 16))
        return character if character in _UNRESERVED else match[0].upper()

    return quote(_ESCAPE.sub(escape, part), safe="%/:?#[]@!$&'()*+,;=~-._")


def _canonical_host(host: str) -> str:
    """The host without www., m., amp. and mobile., as long as a domain is left.

    It rests on a rule of its own and not on the list of suffixes, which changes: the ids must not.
    """
    labels = host.split(".")
    n_suffix = 2 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL else 1
    own, domain = labels[: -n_suffix - 1], labels[-n_suffix - 1 :]
    return ".".join([label for label in own if label not in _MOBILE_LABELS] + domain)


def _canonical_path(path: str) -> str:
    previous = None
    while path != previous:
        previous = path
        path = path.rstrip("/")
        if path.startswith("/amp/"):
            path = path[4:]
        path = _AMP_END.sub(lambda m: m["end"] or "", path)
    return path or "/"


def _without_amp_cache(parts: _Parts) -> _Parts:
    """The page behind an AMP cache (`x-org.cdn.ampproject.org/c/s/x.org/a`, `google.com/amp/s/x.org/a`)."""
    is_cache = parts.host.endswith(".cdn.ampproject.org") or re.fullmatch(r"(?:www\.)?google\.[a-z.]{2,6}", parts.host)
    match = _CACHED_AMP.fullmatch(parts.path) if is_cache else None
    inner = _parse("https://" + match["rest"]) if match else None
    return inner._replace(query=parts.query, fragment=parts.fragment) if inner else parts


def _is_tracking(parameter: str) -> bool:
    name = parameter.partition("=")[0].lower()
    return name in TRACKING or name.startswith(_TRACKING_PREFIXES) or parameter.lower() == "output=amp"


@cache
def _extractor() -> TLDExtract:
    from tldextract import TLDExtract

    # The list of suffixes that comes with the package: nothing is asked of the network or written to disk.
    return TLDExtract(suffix_list_urls=(), cache_dir=None)


@lru_cache(maxsize=65536)
def _registered_domain(host: str) -> str | None:
    found = _extractor()(host)
    if found.suffix or found.ipv4 or found.ipv6 or "." not in host:
        return found.top_domain_under_public_suffix or None
    return ".".join(host.split(".")[-2:])  # the list's own rule for suffixes that it does not name
