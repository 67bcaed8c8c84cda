from schemas.cookbook import PAGE, macros, page, recipes


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(), "schemas/sql/ has changed; run: make docs"


def test_questions_and_macros_are_told_apart() -> None:
    assert len(recipes()) >= 15
    assert all(question.endswith("?") and query and ";" not in query for question, query in recipes())
    assert {macro.call.partition("(")[0] for macro in macros()} >= {"quotes_by", "first_said", "provenance", "folded"}
    assert all(macro.answers and macro.example and "(" in macro.call for macro in macros())
