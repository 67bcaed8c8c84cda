"""E-mail: headers as fields, the part that is the text, furniture, mbox files, digests, and messages made to hurt."""

import base64
import time
from collections import Counter
from email.message import EmailMessage
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tasks.readers import ReadOptions, read_file
from tasks.readers.source import Tally
from tasks.records import RawFile, Rejection
from tests.tasks.readers.crawl import SENTENCES, page
from tests.tasks.readers.reading import fields, normalised, read, verdicts

HEAD = (
    b"Message-ID: <1@tidesheet.example>\r\nFrom: The Tide Sheet <letter@tidesheet.example>\r\n"
    b"Date: Mon, 9 Mar 2026 06:00:00 +0100\r\nSubject: A wall against the sea\r\n"
)
GOLDEN = Path(__file__).parent / "golden" / "mail"
BODY = "\n\n".join(SENTENCES)


def mail(body: str = BODY, **headers: str) -> EmailMessage:
    message = EmailMessage()
    defaults = {"Message-ID": "<1@x.example>", "From": "The Tide Sheet <letter@tidesheet.example>", "Subject": "A wall"}
    for name, value in (defaults | {name.replace("_", "-"): value for name, value in headers.items()}).items():
        message[name] = value
    message.set_content(body)
    return message


def one(folder, message):
    [found] = fields(folder, "a.eml", message if isinstance(message, bytes) else message.as_bytes())
    return found


@pytest.mark.parametrize("name", ["a.eml", "a.txt", "a"])
@pytest.mark.parametrize("newline", [b"\r\n", b"\n"])
def test_a_message_is_known_by_its_header(tmp_path, name, newline):
    [found] = fields(tmp_path, name, (HEAD + b"\r\n" + SENTENCES[0].encode()).replace(b"\r\n", newline))
    assert found == {
        "title": "A wall against the sea",
        "publisher_name": "The Tide Sheet",
        "publisher_domain": "tidesheet.example",
        "published": "Mon, 9 Mar 2026 06:00:00 +0100",
        "published_origin": "field",
        "text": SENTENCES[0],
        "markup": "plain",
    }


def test_a_text_that_starts_like_a_header_is_no_message(tmp_path):
    for data in (
        b"Title: A wall\nDate: March 9, 2026\n\nThe wall stands.",
        b"From the start, at 10:30 in 2026, it rained.\nA: b",
    ):
        [item] = read(tmp_path, "a.txt", data)
        assert item.format == "text_dump"


@pytest.mark.parametrize(
    ("sender", "expected"),
    [
        (
            "Ingrid Lokke <ingrid@tidesheet.example>",
            {"authors": ["Ingrid Lokke"], "publisher_domain": "tidesheet.example"},
        ),
        ("Ingrid Lokke <ilokke@gmail.com>", {"authors": ["Ingrid Lokke"]}),
        (
            "Ingrid Lokke from The Tide Sheet <x@substack.com>",
            {"authors": ["Ingrid Lokke"], "publisher_name": "The Tide Sheet"},
        ),
        (
            '"Ingrid Lokke | Tide Sheet" <letters@ts.example>',
            {"authors": ["Ingrid Lokke"], "publisher_name": "Tide Sheet", "publisher_domain": "ts.example"},
        ),
        (
            "Tide Sheet <hello@tidesheet.example>",
            {"publisher_name": "Tide Sheet", "publisher_domain": "tidesheet.example"},
        ),
        (
            "Morning Briefing <ingrid@ts.example>",
            {"publisher_name": "Morning Briefing", "publisher_domain": "ts.example"},
        ),
        (
            "Skerry Courier <courier@skerry.example>",
            {"publisher_name": "Skerry Courier", "publisher_domain": "skerry.example"},
        ),
        ("letter@tidesheet.example", {"publisher_domain": "tidesheet.example"}),
        (
            "=?utf-8?b?SW5ncmlkIEzDuGtrZQ==?= <lokke@ts.example>",
            {"publisher_name": "Ingrid Løkke", "publisher_domain": "ts.example"},
        ),
    ],
)
def test_the_sender_is_an_author_only_where_it_is_a_person(tmp_path, sender, expected):
    found = one(
        tmp_path, HEAD.replace(b"The Tide Sheet <letter@tidesheet.example>", sender.encode()) + b"\r\nIt rained."
    )
    names = ("authors", "publisher_name", "publisher_domain")
    assert {name: found[name] for name in names if name in found} == expected


@pytest.mark.parametrize(
    ("subject", "title"),
    [
        (b"=?utf-8?q?Caf=C3=A9_by_the?= =?utf-8?b?IGxvY2s=?=", "Café by the lock"),
        (b"Caf=?utf-8?q?=C3?= =?utf-8?q?=A9?=", "Café"),
        ("=?windows-1252?Q?Sam’s_caf=E9?=".encode(), "Sam’s café"),
        (b"=?nonsense?q?Caf=C3=A9?=", "Café"),
        ("Café, raw".encode(), "Café, raw"),
        ("Café, raw and older".encode("cp1252"), "Café, raw and older"),
        (b"A wall\r\n against the sea", "A wall against the sea"),
        (b"Fwd: Re: A wall", "A wall"),
        (b"\\ud800 =?utf-8?q?A?= wall", "A wall"),
        (b"=?utf-7?q?+2AA-?= A wall", "+2AA- A wall"),
        (b"=?utf-7?q?Caf+AOk-?=", "Café"),
        (b"[tides] A wall", "[tides] A wall"),
    ],
)
def test_subjects(tmp_path, subject, title):
    found = one(tmp_path, HEAD.replace(b"A wall against the sea", subject) + b"\r\nIt rained.")
    assert found["title"] == title


def test_the_tag_of_a_list_is_no_part_of_the_title(tmp_path):
    assert one(tmp_path, mail(Subject="Re: [tides] Fwd: A wall", List_Id="<tides.example>"))["title"] == "A wall"


@pytest.mark.parametrize(
    ("charset", "text"),
    [
        ("utf-8", "Fähre – “ja”"),
        ("iso-8859-1", "Fähre"),
        ("iso-8859-2", "Łódź"),
        ("iso-2022-jp", "灯台"),
        ("shift_jis", "灯台の番人"),
    ],
)
@pytest.mark.parametrize("encoding", ["8bit", "base64", "quoted-printable"])
def test_charsets_and_transfer_encodings(tmp_path, charset, text, encoding):
    data = text.encode(charset)
    body = {
        "8bit": data,
        "base64": base64.encodebytes(data),
        "quoted-printable": b"".join(b"=%02X" % byte for byte in data),
    }[encoding]
    header = f"Content-Type: text/plain; charset={charset}\r\nContent-Transfer-Encoding: {encoding}\r\n\r\n".encode()
    assert one(tmp_path, HEAD + header + body)["text"] == text


def test_a_charset_may_lie(tmp_path):
    for declared in ("us-ascii", "iso-8859-1", "no-such-charset", "unicode_escape"):
        header = f"Content-Type: text/plain; charset={declared}\r\n\r\n".encode()
        assert one(tmp_path, HEAD + header + "Die Fähre fährt “heute”.".encode())["text"] == "Die Fähre fährt “heute”."


def test_plain_text_is_preferred_unless_it_is_a_stub(tmp_path):
    message = mail()
    message.add_alternative(page("Lamp").decode(), subtype="html")
    assert one(tmp_path, message)["text"] == BODY
    message = mail("View this email in your browser: https://tidesheet.example/81")
    message.add_alternative(page("Lamp").decode(), subtype="html")
    found = one(tmp_path, message)
    assert found["markup"] == "html"
    assert all(sentence in found["text"] for sentence in SENTENCES)
    assert found["title"] == "A wall"


def test_a_short_page_that_reads_as_no_article_is_taken_as_it_is(tmp_path):
    message = EmailMessage()
    message["Subject"], message["Message-ID"], message["From"] = "Note", "<1@x>", "a@x.example"
    message.set_content("<html><body><p>The ferry sails at noon.</p><p>Unsubscribe</p></body></html>", subtype="html")
    assert "The ferry sails at noon." in one(tmp_path, message)["text"]
    assert "nsubscribe" not in one(tmp_path, message)["text"]


def test_attachments_are_counted_and_not_read(tmp_path):
    message = mail()
    message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="a.png")
    message.add_attachment("Another text.", filename="a.txt")
    (tmp_path / "a.eml").write_bytes(message.as_bytes())
    kinds = Counter()
    [item] = read_file(RawFile(tmp_path / "a.eml", "a.eml"), ReadOptions(), Tally(passed_over=kinds))
    assert item.fields["text"] == BODY
    assert kinds == {"attachments": 2}


def test_messages_that_a_message_carries_are_the_articles_where_it_says_nothing_itself(tmp_path):
    digest = EmailMessage()
    digest["Subject"], digest["Message-ID"], digest["From"] = "Digest", "<1@x>", "a@x.example"
    digest.make_mixed()
    digest.attach(mail(Subject="First"))
    digest.attach(mail(Subject="Second"))
    for part in digest.get_payload():
        part.replace_header("Content-Type", "text/plain")
    forwarded = mail("")
    forwarded.add_attachment(mail(Subject="First"))
    forwarded.add_attachment(mail(Subject="Second"))
    items = read(tmp_path, "a.eml", forwarded.as_bytes())
    assert [(item.member, item.fields["title"]) for item in items] == [("message:1", "First"), ("message:2", "Second")]
    spoken = mail("See the two letters below, which came to us this week.")
    spoken.add_attachment(mail(Subject="First"))
    assert verdicts(read(tmp_path, "a.eml", spoken.as_bytes())) == ["A wall"]


def test_flowed_lines_are_joined(tmp_path):
    header = b"Content-Type: text/plain; charset=utf-8; format=flowed\r\n\r\n"
    body = b"The ferry \r\nsails at noon.\r\n\r\n From here \r\nit is far.\r\n-- \r\nThe Tide Sheet\r\n"
    assert one(tmp_path, HEAD + header + body)["text"] == "The ferry sails at noon.\n\nFrom here it is far."


def test_furniture_is_left_out_and_articles_may_speak_of_it(tmp_path):
    story = (
        "Half of the island's readers said that they could not unsubscribe from the harbour's mailing list, and that "
        "nobody at the harbour office had answered their letters since the middle of January, when the list was sold "
        "to a company that sells boats, engines and insurance to anglers on the mainland and in two other countries."
    )
    body = "\n\n".join(
        [
            "View in browser ( https://tidesheet.example/81 )",
            story,
            "[image: a boat]",
            *SENTENCES,
            "They want to opt out.",
            *SENTENCES,
            "* * * *",
            "You're receiving this because you like the sea.",
            "Unsubscribe <https://tidesheet.example/leave>",
            "Quay Street 4, Skerry",
        ]
    )
    assert one(tmp_path, mail(body))["text"].split("\n\n")[0] == story.replace("\n", " ")
    assert one(tmp_path, mail(body))["text"].split("\n\n")[1:] == [*SENTENCES, "They want to opt out.", *SENTENCES]


MBOX = (GOLDEN / "two-letters.mbox").read_bytes()


def test_mbox_in_odd_shapes(tmp_path):
    titles = ["A wall against the sea", "Café by the lock closes"]
    assert verdicts(read(tmp_path, "a.mbox", MBOX.replace(b"\n", b"\r\n"))) == titles
    assert verdicts(read(tmp_path, "a.txt", MBOX)) == titles
    assert verdicts(read(tmp_path, "a.mbox", MBOX.replace(b"\n\nFrom -", b"\nFrom -"))) == titles
    assert verdicts(read(tmp_path, "a.mbox", MBOX, max_record_bytes=300)) == ["oversize_record", "oversize_record"]
    big = MBOX.replace(b"From the first day", b"x" * 10_000)
    assert verdicts(read(tmp_path, "a.mbox", big, max_record_bytes=2_000)) == ["oversize_record", titles[1]]


def test_an_mbox_in_an_archive_keeps_its_place(tmp_path):
    import gzip

    items = read(tmp_path, "a.mbox.gz", gzip.compress(MBOX)[:-20])
    assert verdicts(items) == ["A wall against the sea", "corrupt_compression"]


def test_a_message_that_is_cut_off_in_its_text_is_refused(tmp_path):
    message = mail()
    message.add_alternative(page("Lamp").decode(), subtype="html")
    data = message.as_bytes()
    assert verdicts(read(tmp_path, "a.eml", data[: data.index(b"Peder")])) == ["malformed_mail"]
    assert verdicts(read(tmp_path, "a.eml", data[: data.index(b"text/html") + 400])) == [
        "A wall"
    ]  # its plain part is whole


@pytest.mark.parametrize(
    "data",
    [
        HEAD
        + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(20_000)),
        HEAD + b"Content-Type: message/rfc822\r\n\r\n" * 20_000 + b"A: b\r\n\r\ntext",
        HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * 200_000,
        HEAD + b"a: b\r\n" * 1_000_000 + b"\r\ntext",
        HEAD.replace(b"A wall", b"=?utf-8?q?" * 100_000) + b"\r\ntext",
        HEAD.replace(b"The Tide", b"(" * 200_000) + b"\r\ntext",
        HEAD + b"Content-Type: text/plain; " + b'a="b"; ' * 100_000 + b"\r\n\r\ntext",
        HEAD + b"\r\n" + b"unsubscribe view " * 400_000,
        HEAD + b"\r\n" + b"<http://a" * 400_000,
        HEAD + b"\r\n" + b"\n \t" * 160_000,
    ],
    ids=["nested", "carried", "parts", "header", "words", "comments", "parameters", "phrases", "links", "blanks"],
)
def test_messages_made_to_hurt_take_no_time(tmp_path, data):
    started = time.process_time()
    [item] = read(tmp_path, "a.eml", data)
    assert time.process_time() - started < 5
    assert isinstance(item, Rejection) or item.fields["title"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25)
@given(st.sampled_from(["harbour-letter.eml", "two-letters.mbox"]), st.data())
def test_damage_anywhere_never_raises(tmp_path, name, data):
    message = bytearray((GOLDEN / name).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(message) - 1))
        message[at : at + data.draw(st.integers(0, 30))] = data.draw(st.binary(max_size=20))
    for item in read(tmp_path, name, bytes(message)):
        assert not isinstance(item, Rejection) or item.reason.endswith(".")
        assert isinstance(item, Rejection) or all(value for value in item.fields.values())


FORWARDS = {
    "Gmail": "---------- Forwarded message ---------\nFrom: The Courier <news@c.example>\nDate: Fri, May 3, 2024 at 10:15 AM\n"
    "Subject: The ferry\nTo: <ida@gmail.com>\n\n\n{}",
    "Outlook": "For you.\n\n-----Original Message-----\nFrom: The Courier [mailto:news@c.example]\nSent: Friday, May 3, 2024 10:15 AM\n"
    "To: Ida\nCc: Bo, Ann,\n Ole\nSubject: The ferry\n\n{}",
    "German": "-----Ursprüngliche Nachricht-----\nVon: The Courier <news@c.example>\nGesendet: Freitag, 3. Mai 2024 10:15\nAn: Ida\n"
    "Betreff: The ferry\n\n{}",
    "twice": "Von: Bo\nDatum: heute\nBetreff: The ferry\n\n> From: The Courier <news@c.example>\n> Date: 3 May 2024\n> Subject: The ferry\n>\n> {}",
}


@pytest.mark.parametrize("form", FORWARDS.values(), ids=FORWARDS)
def test_a_letter_forwarded_within_a_message_is_the_article(tmp_path, form):
    quote = "> " if "\n>" in form else ""
    body = form.format(f"\n{quote.strip()}\n{quote}".join(SENTENCES))
    row = normalised(tmp_path, "a.eml", mail(body, Subject="Fwd: The ferry").as_bytes())
    assert row["text"] == "\n\n".join(SENTENCES)
    assert (row["title"], row["publisher"], str(row["published_on"])) == ("The ferry", "c.example", "2024-05-03")


def test_a_letter_forwarded_as_a_page(tmp_path):
    paragraphs = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    page = (
        "<div>---------- Forwarded message ---------<br>From: <b>The Courier</b> <span>&lt;<a href='mailto:news@c.example'>"
        "news@c.example</a>&gt;</span><br>Date: Fri, May 3, 2024 at 10:15 AM<br>Subject: The ferry<br>To: &lt;x@x.example&gt;"
        f"<br></div><br>{paragraphs}"
    )
    message = EmailMessage()
    message["Subject"], message["Message-ID"], message["From"] = "Fwd:", "<1@x>", "a@x.example"
    message.set_content(f"<html><body>{page}</body></html>", subtype="html")
    row = normalised(tmp_path, "a.eml", message.as_bytes())
    assert row["text"] == "\n\n".join(SENTENCES)
    assert (row["title"], row["publisher"], str(row["published_on"])) == ("The ferry", "c.example", "2024-05-03")


def test_what_the_header_of_a_letter_leaves_open_is_taken_from_the_message(tmp_path):
    body = f"FROM: The harbour board\nDATE: today\nSUBJECT: The wall\n\n{BODY}"
    found = one(tmp_path, mail(body, Date="Mon, 09 Mar 2026 06:00:00 +0100"))
    assert found["text"] == BODY
    assert (found["publisher_domain"], found["published"]) == ("tidesheet.example", "Mon, 09 Mar 2026 06:00:00 +0100")


@pytest.mark.parametrize(
    "body",
    [
        f"From: Skerry. Date: Friday.\n\n{SENTENCES[0]}",
        f"{' '.join(SENTENCES * 3)}\n\nFrom: a\nDate: b\nSubject: c\n\nx",
    ],
    ids=["few labels", "behind a text"],
)
def test_labels_in_a_text_are_part_of_it(tmp_path, body):
    row = normalised(tmp_path, "a.eml", mail(body).as_bytes())
    assert row["text"].split() == body.split()
    assert row["title"] == "A wall"


@pytest.mark.parametrize(
    "opening",
    [
        "\nOn Fri, May 3, 2024 at 10:15 AM The Courier <news@c.example>\nwrote:\n",
        "On 3 May 2024, at 10:15, The Courier wrote:",
        "\nAm 03.05.24 um 10:15 schrieb The Courier:",
    ],
)
def test_what_a_reply_quotes_is_no_part_of_it(tmp_path, opening):
    assert one(tmp_path, mail(f"It is so.\n{opening}\n> The ferry\n>\n> sails.\n"))["text"] == "It is so."


@pytest.mark.parametrize(
    "body", ["> Why now?\n\nThe hull is sound.\n\n> And then?", "As the old keeper wrote:\n\n> The lamp is out."]
)
def test_other_quotations_stay(tmp_path, body):
    assert one(tmp_path, mail(body))["text"] == body


def test_the_marks_of_headings_and_links_go(tmp_path):
    body = "** The ferry\n------------------\n\nIt sails, ** as we wrote (https://c.example/1), 2 ** 3 times."
    assert one(tmp_path, mail(body))["text"] == "The ferry\n\nIt sails, as we wrote, 2 ** 3 times."


def test_lines_flow_without_the_space_that_marks_them(tmp_path):
    header = b"Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\r\n\r\n"
    assert (
        one(tmp_path, HEAD + header + b"The fer \r\nry sails  \r\nat noon.\r\n")["text"] == "The ferry sails at noon."
    )


def test_a_byte_order_mark_hides_no_header(tmp_path):
    assert one(tmp_path, b"\xef\xbb\xbf" + HEAD + b"\r\nIt rained.")["title"] == "A wall against the sea"


def test_the_lines_of_a_mailing_list_are_left_out(tmp_path):
    footer = f"{'_' * 47}\nTides mailing list\nhttps://x.example/mailman/listinfo/tides"
    assert one(tmp_path, mail(f"{BODY}\n\n{footer}"))["text"] == BODY
    assert one(tmp_path, mail(f"It rained.\n\n{'_' * 47}\n\nIt shone."))["text"] == "It rained.\n\nIt shone."


def test_the_headline_above_a_plain_text_is_not_repeated(tmp_path):
    assert one(tmp_path, mail(f"A WALL\n\n{BODY}"))["text"] == BODY
    assert one(tmp_path, mail("A wall"))["text"] == "A wall"


@pytest.mark.parametrize(
    "footer",
    ["Sie erhalten diesen Newsletter, weil Sie es wollten.", "Vous recevez cette newsletter.", "Recibe este correo."],
)
def test_footers_of_other_languages(tmp_path, footer):
    body = f"Diese Mail wird nicht richtig angezeigt?\n\n{BODY}\n\n{footer}\n\nKai 1, Skerry"
    assert one(tmp_path, mail(body))["text"] == BODY


@pytest.mark.parametrize("line", ["Sent from my iPhone", "Get Outlook for iOS", "Von meinem iPad gesendet"])
def test_what_a_telephone_signs_is_left_out(tmp_path, line):
    assert one(tmp_path, mail(f"{BODY}\n\n{line}"))["text"] == BODY


def test_a_sentence_is_no_signature(tmp_path):
    body = "Sent from my grandmother's village, the letter took a week."
    assert one(tmp_path, mail(body))["text"] == body


def test_reports_and_answers_of_mail_systems_are_no_articles(tmp_path):
    report = b"Content-Type: multipart/report; boundary=x\r\n\r\n--x\r\n\r\nNot delivered.\r\n--x--\r\n"
    assert verdicts(read(tmp_path, "a.eml", HEAD + report)) == ["not_an_article"]
    assert verdicts(read(tmp_path, "a.eml", HEAD + b"Auto-Submitted: auto-replied\r\n\r\nAway.")) == ["not_an_article"]
