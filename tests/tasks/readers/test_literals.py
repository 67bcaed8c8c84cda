import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.readers.literals import MAX_LENGTH, unpack

TEXTS = st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=1)


@given(TEXTS, st.sampled_from([repr, json.dumps]))
def test_a_list_of_texts_is_what_it_was_before_it_was_printed(texts, write):
    assert unpack(write(texts)) == texts


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("{'id': None, 'name': \"Ann's\", 'n': 1.5, 'ok': True}", {"id": None, "name": "Ann's", "n": 1.5, "ok": True}),
        ("[{'name': 'Ann Lee'}, {'name': 'Bo'}]", [{"name": "Ann Lee"}, {"name": "Bo"}]),
        ("{'by': ('Ann Lee',)}", {"by": ["Ann Lee"]}),
        (r"['caf\xe9', 'J\u00f6rg', 'it\'s', 'a\nb']", ["café", "Jörg", "it's", "a\nb"]),
        ("['Ann Lee' 'Bo Kern'\n 'Cy Dahl']", ["Ann Lee", "Bo Kern", "Cy Dahl"]),  # NumPy
        ("[]", []),
    ],
)
def test_what_python_prints_is_taken_apart(text, value):
    assert unpack(text) == value


@pytest.mark.parametrize(
    "text",
    [
        "Ferry sails",
        "[Video]",
        "[1984]",
        "['We will', he said.]",
        "{open}",
        "['cut off'",
        "[" * 2_000 + "]",
        "[__import__]",
    ]
    + ["['" + "x" * MAX_LENGTH + "']"],
)
def test_anything_else_stays_text(text):
    assert unpack(text) == text
