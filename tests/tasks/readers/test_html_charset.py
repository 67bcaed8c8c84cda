"""Charsets: undeclared, declared, lying; the text that comes out is the text that went in."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.readers.htmlcharset import decode_page

SENTENCES = {
    "ja": "港の渡し船は三週間ぶりに運航を再開した。船長のモスさんは記者団に対し、「乗客の皆さんにまた会えてうれしい」と話した。",
    "ko": "항구의 연락선이 삼 주 만에 다시 운항을 시작했다. 선장은 기자들에게 승객들을 다시 만나 기쁘다고 말했다.",
    "zh": "港口的渡轮在停航三个星期之后恢复航行。船长对记者说，他很高兴又能见到乘客。市议会下星期将讨论新码头的预算问题。",
    "zh-TW": "港口的渡輪在停航三個星期之後恢復航行。船長對記者說，他很高興又能見到乘客。市議會下星期將討論新碼頭的預算問題。",
    "ru": "Паром снова вышел в море после трёх недель ремонта. Капитан сказал журналистам, что рад снова видеть пассажиров.",
    "uk": "Пором знову вийшов у море після трьох тижнів ремонту. Капітан радий знову бачити пасажирів її міста.",
    "el": "Το πλοίο ξεκίνησε ξανά μετά από τρεις εβδομάδες στη δεξαμενή. Ο καπετάνιος χαίρεται που βλέπει πάλι τους επιβάτες.",
    "he": "המעבורת יצאה שוב לים אחרי שלושה שבועות במספנה. רב החובל אמר לעיתונאים שהוא שמח לראות שוב את הנוסעים.",
    "ar": "عادت العبارة إلى الإبحار بعد ثلاثة أسابيع في حوض السفن. وقال القبطان للصحفيين إنه سعيد برؤية الركاب من جديد.",
    "th": "เรือข้ามฟากกลับมาแล่นอีกครั้งหลังจากซ่อมสามสัปดาห์ กัปตันบอกนักข่าวว่าดีใจที่ได้พบผู้โดยสารอีก",
    "tr": "Feribot üç hafta sonra yeniden sefere çıktı. Kaptan yolcuları gördüğü için mutlu. Şimdiye dek değişiklik yapılmadı.",
    "lt": "Keltas vėl išplaukė po trijų savaičių remonto. Kapitonas žurnalistams sakė, kad džiaugiasi vėl matydamas keleivius.",
    "lv": "Prāmis pēc trim nedēļām atkal devās jūrā. Kapteinis žurnālistiem sacīja, ka priecājas atkal redzēt pasažierus.",
    "pl": "Prom znów wypłynął po trzech tygodniach remontu. Kapitan powiedział dziennikarzom, że cieszy się, iż znów widzi pasażerów.",
    "cs": "Trajekt po třech týdnech v doku opět vyplul. Kapitán řekl novinářům, že je rád, že znovu vidí cestující. Příště déle.",
    "hu": "A komp három hét után újra kifutott. A kapitány örül, hogy újra látja az utasokat. Jövő héten a tanács tárgyal erről.",
    "de": "Die Fähre läuft nach drei Wochen im Dock wieder aus. Der Kapitän freut sich, die Fahrgäste „wiederzusehen“.",
    "fr": "Le bac navigue à nouveau après trois semaines de réparation. Le capitaine était ravi de revoir les passagers, où qu’il soit.",
    "is": "Ferjan siglir aftur eftir þrjár vikur í slipp. Skipstjórinn sagði að hann væri ánægður með að sjá farþegana aftur.",
    "en": "The ferry sails again after three weeks in dock. “It’s a relief,” the captain told reporters — at last.",
}
ENCODINGS = {
    "ja": ["cp932", "euc_jp", "iso2022_jp"], "ko": ["cp949"], "zh": ["gb18030"], "zh-TW": ["big5"], "ru": ["cp1251", "koi8_r", "iso8859_5"],
    "uk": ["cp1251", "koi8_u"], "el": ["cp1253", "iso8859_7"], "he": ["cp1255"], "ar": ["cp1256", "iso8859_6"], "th": ["cp874"],
    "tr": ["cp1254"], "lt": ["cp1257", "iso8859_13"], "lv": ["cp1257"], "pl": ["cp1250", "iso8859_2"], "cs": ["cp1250", "iso8859_2"],
    "hu": ["cp1250", "iso8859_2"], "de": ["cp1252"], "fr": ["cp1252"], "is": ["cp1252"], "en": ["cp1252"],
}  # fmt: skip


def page(language: str, declaration: str, states_language: bool = True) -> str:
    lang = f' lang="{language}"' if states_language else ""
    paragraphs = f"<p>{SENTENCES[language]}</p>" * 3
    return f"<!DOCTYPE html><html{lang}><head>{declaration}<title>x</title></head><body>{paragraphs}</body></html>"


@pytest.mark.parametrize("declaration", ["", '<meta charset="utf-8">', '<meta charset="iso-8859-1">', "right"])
@pytest.mark.parametrize(("language", "encoding"), [(k, e) for k, encodings in ENCODINGS.items() for e in encodings])
def test_the_text_comes_out_whatever_is_declared(language: str, encoding: str, declaration: str) -> None:
    declaration = declaration.replace("right", f'<meta charset="{encoding}">')
    data = page(language, declaration).encode(encoding, "replace")
    assert decode_page(data) == data.decode(encoding)


@pytest.mark.parametrize("language", ["ja", "ko", "zh", "ru", "el", "de", "fr", "pl", "tr"])
def test_the_language_need_not_be_stated(language: str) -> None:
    encoding = ENCODINGS[language][0]
    data = page(language, "", states_language=False).encode(encoding)
    assert decode_page(data) == data.decode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_with_and_without_a_byte_order_mark(encoding: str) -> None:
    text = page("ja", '<meta charset="iso-8859-1">')
    assert decode_page(text.encode(encoding)) == text


def test_the_header_goes_before_the_page_and_both_before_a_guess() -> None:
    data = page("fr", '<meta charset="cp1251">').encode("mac_roman")
    assert decode_page(data, "text/html; charset=macintosh") == data.decode("mac_roman")


def test_a_damaged_character_does_not_make_another_encoding_of_utf8() -> None:
    data = page("ja", "").encode()
    damaged = data.replace("港".encode(), "港".encode()[:2], 1)
    text = decode_page(damaged)
    assert text is not None
    assert text.count("\ufffd") == 1
    assert SENTENCES["ja"] in text


def test_bytes_that_read_as_no_language_are_refused() -> None:
    assert decode_page(b"<html><p>" + bytes(range(128, 256)) * 100) is None


@given(st.binary(max_size=2000), st.text(max_size=50))
def test_any_bytes_give_text_or_none(data: bytes, content_type: str) -> None:
    assert isinstance(decode_page(b"<html lang=pl>" + data, content_type), str | None)
