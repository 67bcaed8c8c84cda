"""Everything that docs/sql.md asks, asked of the sample."""

from collections.abc import Iterator

import pytest

from schemas.cookbook import macros, recipes
from tasks.catalog import ReadOnly, connect_readonly
from tests.conftest import Ran


@pytest.fixture(scope="module")
def asked(ran: Ran) -> Iterator[ReadOnly]:
    with connect_readonly(ran.lake) as connection:
        yield connection


def test_every_question_of_the_cookbook_has_an_answer(asked: ReadOnly) -> None:
    for question, query in recipes():
        assert asked.execute(query).fetchall(), question


def test_every_macro_s_example_finds_something(asked: ReadOnly) -> None:
    for macro in macros():
        assert asked.execute(macro.example).fetchall(), macro.call
