from schemas.dictionary import PAGE, dictionary


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == dictionary(), "schemas/fields.py has changed; run: make docs"
