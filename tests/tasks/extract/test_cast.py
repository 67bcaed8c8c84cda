"""The cast: which names mean the same character, and what the article says of each."""

import pytest
from hypothesis import given, settings

from schemas import fields
from tasks.extract.cast import Cast, Character, build_cast
from tasks.extract.names import Name, find_names
from tests.tasks.extract.counting import lines_executed
from tests.tasks.extract.test_names import TEXTS


def cast_of(text: str, title: str = "") -> Cast:
    return build_cast(title, text, find_names(title), find_names(text))


def person(text: str, name: str) -> Character:
    (found,) = [c for c in cast_of(text).characters if c.name == name]
    return found


MERGED = [
    ("surname", "Ann Lee left. Lee is back.", ["Ann Lee", "Ann Lee"]),
    ("given name", "Ann Quorrin left. Then Ann came back.", ["Ann Quorrin", "Ann Quorrin"]),
    ("initials", "Ann Lee left. Ann K. Lee is back.", ["Ann K. Lee", "Ann K. Lee"]),
    ("suffix", "Paul Voss Jr. left. Voss is back.", ["Paul Voss Jr.", "Paul Voss Jr."]),
    ("capitals", "Ann Lee left.\n\nLEE: No.", ["Ann Lee", "Ann Lee"]),
    ("misspelt", "Ann Quorrin left. Then Quorin said no.", ["Ann Quorrin", "Ann Quorrin"]),
    (
        "acronym",
        "The Harbour Workers Union met. Then the HWU left.",
        ["Harbour Workers Union", "Harbour Workers Union"],
    ),
    ("dotted acronym", "The Bureau of Quiet Streets met. The B.Q.S. left.", ["Bureau of Quiet Streets"] * 2),
    ("others are others", "Ann Lee left. Tom Voss is back.", ["Ann Lee", "Tom Voss"]),
    ("given names differ", "Ann Lee left. Tom Lee is back.", ["Ann Lee", "Tom Lee"]),
    ("only a surname", "Mr. Quorrin left.", ["Quorrin"]),
]


@pytest.mark.parametrize(("text", "expected"), [c[1:] for c in MERGED], ids=[c[0] for c in MERGED])
def test_names_are_merged(text: str, expected: list[str]) -> None:
    cast = cast_of(text)
    assert [cast.full_name(n) for n in cast.names if cast.label(n) != "MISC"] == expected


FAMILIES = [
    ("the title's sex decides", "Ann Lee met Tom Lee. Mrs. Lee left.", "Ann Lee"),
    ("the other sex", "Ann Lee met Tom Lee. Mr. Lee left.", "Tom Lee"),
    ("the office decides", "Ann Lee met Mayor Tom Lee. Mayor Lee left.", "Tom Lee"),
    ("relatives keep their given names", "Tom Lee came with his wife, Ann Lee. Lee left.", "Tom Lee"),
    ("a sex that nobody has is somebody else", "Ann Lee met Mr. Lee.", "Mr. Lee"),
    ("a title never means the other sex", "Tom Lee came. Mr. Lee sat. Mr. Lee rose. Mrs. Lee left.", "Mrs. Lee"),
    ("a couple bears one surname", "Then Ann and Tom Lee came. Mr. Lee sat. Mrs. Lee left.", "Ann Lee"),
    ("titles show an unknown given name", "Quorra and Tom Lee came. Mr. Lee sat. Mrs. Lee left.", "Quorra Lee"),
    ("a body is no partner", "Congress and Tom Lee came. Mr. Lee sat.", "Tom Lee"),
]


@pytest.mark.parametrize(("text", "expected"), [c[1:] for c in FAMILIES], ids=[c[0] for c in FAMILIES])
def test_families(text: str, expected: str) -> None:
    cast = cast_of(text)
    assert cast.full_name(cast.names[-1]) == expected


ROLES = [
    ("Harbour Ministry spokeswoman Ann Lee left.", "Ann Lee", "Harbour Ministry spokeswoman", "Harbour Ministry"),
    ("Ann Lee, the spokeswoman of the Harbour Trust, left.", "Ann Lee", "spokeswoman of the Harbour Trust", "Harbour Trust"),
    ("Ann Lee, 41, a nurse from Paris, left.", "Ann Lee", "nurse from Paris", None),
    ("The head of the Harbour Trust, Ann Lee, left.", "Ann Lee", "head of the Harbour Trust", "Harbour Trust"),
    ("Then former deputy mayor Ann Lee left.", "Ann Lee", "former deputy mayor", None),
    ("Ann Lee is a lawyer for Tom Voss.", "Ann Lee", "lawyer for Tom Voss", "Tom Voss"),
    ("U.S. President Tom Voss left.", "Tom Voss", "U.S. President", "U.S."),
    ("It rained when Florida Sen. Ann Lee left.", "Ann Lee", "Florida Senator", "Florida"),
    ("Former deputy mayor Ann Lee left.", "Ann Lee", "former deputy mayor", None),
    ("Ann Lee, an adviser to Gov. Tom Voss, left.", "Ann Lee", "adviser to Governor Tom Voss", "Tom Voss"),
    ("Ann Lee, a spokeswoman for Tom Voss told the court, left.", "Ann Lee", "spokeswoman for Tom Voss", "Tom Voss"),
    ("Ann Lee, a friend of Tom Voss, left. Ann Lee, a nurse, slept.", "Ann Lee", "nurse", None),
    ("It rained. Shadow home secretary Ann Lee left.", "Ann Lee", "Shadow home secretary", None),
    ("Ann Lee, the mother of Tom Voss, left.", "Ann Lee", "mother of Tom Voss", "Tom Voss"),
    ("Former mayor Ann Lee left. Ann Lee is now the head of the Harbour Trust.", "Ann Lee", "head of the Harbour Trust", "Harbour Trust"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "name", "role", "affiliation"), ROLES)
def test_roles(text: str, name: str, role: str, affiliation: str | None) -> None:
    found = person(text, name).role
    assert found is not None
    assert (found.text, found.affiliation) == (role, affiliation)


NO_ROLES = [
    "Ann Lee left early.",
    "Ann Lee, Tom Voss and others left.",
    "He told Ann Lee.",
    "They promise Mrs. Ann Lee a race course.",
    "Rival Ann Lee left.",
    "Democrat Ann Lee left.",
    "Ann Lee, a friend, left.",
    "Ann Lee, Governor Tom Voss and others left.",
    "Ann Lee has emerged as the front-runner to fill the seat.",
    "Ann Lee, as well as others, left.",
    "Dr. Ann Lee left.",
    "Praising Ann Lee, the mayor said no.",
]


@pytest.mark.parametrize("text", NO_ROLES)
def test_no_role_where_none_is_given(text: str) -> None:
    assert person(text, "Ann Lee").role is None


@pytest.mark.parametrize(
    ("text", "name", "gender"),
    [
        ("Ann Lee left.", "Ann Lee", "f"),
        ("Quor Lee left. He slept.", "Quor Lee", "m"),
        ("Mrs. Quorrin left.", "Quorrin", "f"),
        ("The spokesman, Quor Vessel, left.", "Quor Vessel", "m"),
        ("Mr. Quor Vessel left.", "Quor Vessel", "m"),
        ("He met Quor B. Vessel at night.", "Quor B. Vessel", ""),
    ],
)
def test_gender(text: str, name: str, gender: str) -> None:
    assert person(text, name).gender == gender


def test_verbs_before_a_title_are_no_part_of_the_role() -> None:
    found = person("They will defeat President Ann Lee.", "Ann Lee").role
    assert found is not None
    assert found.text == "President"


def test_a_name_in_capitals_is_printed_like_others() -> None:
    text = "ANN QUORRIN: No."
    cast = build_cast("", text, [], [Name(0, 11, text[:11], "PER", 0.9, "tagger")])
    assert [c.name for c in cast.characters] == ["Ann Quorrin"]


def test_capitals_of_a_title_make_no_new_person() -> None:
    cast = cast_of("Ann Quorrin sued the city.", "Rebuking Quorrin Once More, City Wins")
    assert [c.name for c in cast.characters if c.label == "PER"] == ["Ann Quorrin"]


@settings(max_examples=150)
@given(TEXTS, TEXTS)
def test_any_text_has_a_cast(title: str, text: str) -> None:
    cast, again = cast_of(text, title), cast_of(text, title)
    assert [c.name for c in cast.characters] == [c.name for c in again.characters]
    for name in (*cast.names, *cast.title_names):
        assert cast.label(name) in fields.LABELS
        assert cast.full_name(name)
    for character in cast.characters:
        assert character.mentions == sorted(character.mentions, key=lambda n: n.start)
        assert character.gender in ("", "m", "f")
        assert all(role.text == role.text.strip() and role.text for role in character.roles)


@pytest.mark.parametrize(
    "piece", ["Ann Lee said. ", "Senator Ann Lee, a judge, met Tom Lee. ", "Lee left. ", "The Harbour Bank fell. "]
)
def test_work_grows_with_the_length_of_the_text(piece: str) -> None:
    def work(n: int) -> int:
        text = piece * n
        names = find_names(text)
        return lines_executed(lambda: build_cast("", text, [], names))

    assert work(800) < 2.5 * work(400)


def test_many_bearers_of_a_surname_are_no_trap() -> None:
    def work(n: int) -> int:
        text = "".join(f"Xa{chr(97 + k % 26)}{chr(97 + k // 26)} Lee said no. Lee left. " for k in range(n))
        names = find_names(text)
        return lines_executed(lambda: build_cast("", text, [], names))

    assert work(200) < 2.5 * work(100)


def test_a_courtesy_title_is_no_role() -> None:
    cast = cast_of("Mrs. Ann Lee met Governor Tom Voss.")
    assert [(c.name, [r.text for r in c.roles]) for c in cast.characters] == [
        ("Ann Lee", []),
        ("Tom Voss", ["Governor"]),
    ]
