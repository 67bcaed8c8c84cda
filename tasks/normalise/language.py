"""The language of a text: what the source states, unless the text clearly says otherwise, else what is detected."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from tasks.normalise.wordlists import words

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

MIN_LETTERS = 20  # a shorter text is not judged
MIN_LETTERS_AGAINST = 200  # letters needed to overrule what the source states
CLEAR = 0.99  # confidence needed to overrule what the source states
SAMPLE = 3_000  # characters looked at

_TAG = re.compile(r"([a-z]{2,3})(?:[-_][a-z0-9]{1,8}){0,5}")
_DAY_FIRST = re.compile(r"[-_](?:gb|ie|au|nz|in|pk|bd|lk|sg|my|hk|za|ng|gh|ke|ug|zw|tt|jm)\b", re.I)  # with English
_CODES = words(
    """
    aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el
    en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu
    ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na
    nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so
    sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu ace
    ast bcl bho ceb ckb crh fil gcr gom gsw haw hmn hsb kab kok lij mai mni mwl nap nds nso pcm pms sah scn sdh szl
    tet tok vec war yue wuu
    """
)
# Names and three-letter codes that sources use for a language with a two-letter code.
_NAMES = {
    name: code
    for code, names in {
        "en": "eng english",
        "de": "deu ger german deutsch",
        "fr": "fra fre french français francais",
        "es": "spa spanish español espanol",
        "it": "ita italian italiano",
        "pt": "por portuguese português portugues",
        "nl": "nld dut dutch nederlands",
        "ru": "rus russian русский",
        "uk": "ukr ukrainian українська",
        "pl": "pol polish polski",
        "cs": "ces cze czech čeština",
        "sv": "swe swedish svenska",
        "da": "dan danish dansk",
        "no": "nor norwegian norsk",
        "fi": "fin finnish suomi",
        "tr": "tur turkish türkçe",
        "el": "ell gre greek ελληνικά",
        "ro": "ron rum romanian română",
        "hu": "hun hungarian magyar",
        "ar": "ara arabic العربية",
        "he": "heb hebrew iw עברית",
        "fa": "fas per persian farsi",
        "hi": "hin hindi",
        "zh": "zho chi chinese cmn 中文",
        "ja": "jpn japanese 日本語",
        "ko": "kor korean 한국어",
        "id": "ind indonesian in",
        "vi": "vie vietnamese",
        "yi": "ji",
    }.items()
    for name in names.split()
}
# Languages that a detector mistakes for each other: here what the source states stands.
_CLOSE = tuple(
    frozenset(group.split())
    for group in (
        "no nb nn da", "hr bs sr sh", "cs sk", "id ms jv", "es gl ca ast an", "pt gl", "zu xh nr ss nso st tn",
        "hi mr ne mai bho", "zh yue wuu", "uk be ru", "bg mk", "fr oc wa gcr", "it vec lij co scn nap", "fa ps ckb",
        "nl af fy li", "tr az crh", "de lb nds gsw", "tl fil ceb bcl", "rw rn", "en pcm sco",
    )
)  # fmt: skip


def puts_day_first(value: Any) -> bool:
    """Whether 4/5/2016 is the 4th of May in a stated language: in all but English as most states and sites tag it."""
    language = stated_language(value)
    return language is not None and (language != "en" or _DAY_FIRST.search(str(value)) is not None)


def stated_language(value: Any) -> str | None:
    """The primary subtag of a stated language («en-US», «de_AT», «English»); None if it names none."""
    if isinstance(value, (list, tuple)) and value:
        value = value[0]
    if not isinstance(value, str) or len(value) > 40:
        return None
    folded = value.strip().casefold()
    match = _TAG.fullmatch(folded)
    code = match[1] if match else folded
    code = _NAMES.get(code, code)
    return code if code in _CODES else None


def read_language(text: str | None, stated: Any = None, detect: bool = True) -> tuple[str | None, float | None]:
    """The language as a BCP 47 primary subtag, and how sure that is, 0 to 1; 1 where the source states it.

    The source's word stands unless 200 letters or more are clearly in another language. A text of less than 20
    letters is not judged.
    """
    code = stated_language(stated)
    sample = (text or "")[:SAMPLE]
    n_letters = sum(map(str.isalpha, sample)) if detect else 0
    if n_letters < MIN_LETTERS or (code and n_letters < MIN_LETTERS_AGAINST):
        return (code, 1.0) if code else (None, None)
    detector = _detector()
    found, confidence = detector.classify(sample)
    if code and (found == code or confidence < CLEAR or code not in _known() or _are_close(code, found)):
        return code, 1.0
    if found not in _CODES:
        return (code, 1.0) if code else (None, None)
    return found, round(float(confidence), 4)


def _are_close(a: str, b: str) -> bool:
    return any(a in group and b in group for group in _CLOSE)


@cache
def _detector() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # half a second to load

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


@cache
def _known() -> frozenset[str]:
    return frozenset(_detector().labels)
