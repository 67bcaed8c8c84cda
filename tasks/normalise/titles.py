"""Headlines without the site's name behind them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from tasks.normalise.urls import slug

_SEPARATOR = re.compile(r"\s+(?:[-–—|·•»]|::|//)\s+|\s*\|\s*")
# Words that sites add to their name without changing whose it is.
_ADDED = ("news", "online", "com", "magazine", "newspaper", "politics", "official", "homepage", "website")
MAX_SUFFIX = 60  # characters


def strip_site_suffix(title: str, names: Iterable[str | None]) -> str:
    """The title without a last part («… - The Guardian», «… | Reuters») that equals or clearly names the publisher.

    ``names`` are the publisher's name, its domain and its host. A headline's own dash is never cut at.
    """
    keys = _all_keys(names)
    for _ in range(2):
        separators = list(_SEPARATOR.finditer(title[-MAX_SUFFIX - 5 :]))
        if not keys or not separators:
            break
        offset = max(0, len(title) - MAX_SUFFIX - 5)
        start, end = separators[-1].start() + offset, separators[-1].end() + offset
        if start < 2 or not _names(title[end:], keys):
            break
        title = title[:start].rstrip()
    return title


def is_site_name(text: str, names: Iterable[str | None]) -> bool:
    """Whether the text equals or clearly names one of the names: «The New York Times» nytimes.com."""
    return _names(text, _all_keys(names))


def _all_keys(names: Iterable[str | None]) -> set[str]:
    return {key for name in names if name for key in _keys(name)}


def _keys(name: str) -> list[str]:
    """The folded forms of a name or domain: `bbc.co.uk` gives bbccouk and bbc."""
    keys = [_fold(name)]
    if " " not in name.strip() and "." in name:
        labels = [label for label in name.lower().split(".") if label not in ("www", "m", "edition", "amp")]
        keys += [_fold(".".join(labels)), _fold(labels[0])] if labels else []
    return [key for key in keys if len(key) > 1]


def _names(suffix: str, keys: set[str]) -> bool:
    folded = _fold(suffix)
    words = [w for w in re.split(r"[\s.]+", suffix.casefold()) if w and w != "the"]
    forms = {folded, "".join(w[0] for w in words)}
    if len(words) > 1:  # nytimes, latimes
        forms.add("".join(w[0] for w in words[:-1]) + words[-1])
    forms = {form for form in forms if len(form) > 1}
    return any(form == key or _plus(form, key) or _plus(key, form) for form in forms for key in keys)


def _plus(longer: str, shorter: str) -> bool:
    """Whether the longer name is the shorter one with words that sites add."""
    return len(shorter) > 1 and longer.startswith(shorter) and longer[len(shorter) :] in _ADDED


def _fold(name: str) -> str:
    key = (slug(name) or "").replace("-", "")
    return key.removeprefix("the") or key
