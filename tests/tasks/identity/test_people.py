import pytest

from tasks.identity.people import conflict, is_form_of, parse_person


@pytest.mark.parametrize(
    ("name", "given", "surname", "generation"),
    [
        ("Secretary of State John F. Kerry", ("john", "f"), "kerri", ""),
        ("Lt. Gen. Michael Flynn", ("michael",), "flynn", ""),
        ("Dean Martin", ("dean",), "martin", ""),
        ("Ursula von der Leyen", ("ursula",), "leyen", ""),
        ("Abdel-Fattah el-Sisi", ("abdulfattah",), "sisi", ""),
        ("J.K. Rowling", ("j", "k"), "rowling", ""),
        ("JK Rowling", ("j", "k"), "rowling", ""),
        ("Martin Luther King, Jr.", ("martin", "luther"), "king", "jr"),
        ("John D. Rockefeller III", ("john", "d"), "rockefeller", "iii"),
        ("Barack Obama’s", ("barack",), "obama", ""),
        ("Mr. Trump", (), "trump", ""),
        ("Pope Benedict XVI", (), "pope benedict", "xvi"),
        ("Malcolm X", (), "malcolm x", ""),
        ("R-Fla.", (), "r fla", ""),
        ("…", (), "…", ""),
    ],
)
def test_parts_of_names(name, given, surname, generation):
    person = parse_person(name)
    assert (person.given, person.surname, person.generation) == (given, surname, generation)


@pytest.mark.parametrize("name", ["", " ", "Mr.", "Jr.", "'s", "de la", "—", "X", "and", "Queen", "J. K.", "\u0301"])
def test_every_name_has_a_surname(name):
    assert parse_person(name).words


@pytest.mark.parametrize(
    ("one", "other", "is_conflict"),
    [
        ("George H. W. Bush", "George W. Bush", True),
        ("George Bush", "George W. Bush", False),
        ("Bill Clinton", "Hillary Clinton", True),
        ("Bill Clinton", "William J. Clinton", False),
        ("Ken Griffey Sr.", "Ken Griffey Jr.", True),
        ("López Obrador", "Andrés Manuel López Obrador", False),
        ("Mrs. Clinton", "Bill Clinton", True),
        ("D. Trump", "Ivanka Trump", True),
        ("Ann Lee", "Ann Kern", False),
    ],
)
def test_conflict(one, other, is_conflict):
    assert conflict(parse_person(one), parse_person(other)) is is_conflict
    assert conflict(parse_person(other), parse_person(one)) is is_conflict


@pytest.mark.parametrize(
    ("form", "name", "is_form"),
    [
        ("Secretary Clinton", "Hillary Clinton", True),
        ("Hillary", "Hillary Clinton", True),
        ("Bill Clinton", "Hillary Clinton", False),
        ("Mr. Clinton", "Hillary Clinton", False),
        ("Clintons", "Hillary Clinton", False),
        ("Glenn Beck", "Donald Trump", False),
    ],
)
def test_forms_of_a_name(form, name, is_form):
    assert is_form_of(parse_person(form), parse_person(name)) is is_form
