"""What an article must satisfy before anything is extracted from it."""

from __future__ import annotations

from datetime import UTC, date, datetime

import great_expectations.expectations as gxe
from great_expectations import ExpectationSuite

from schemas.expectations import LATEST_DAY
from schemas.expectations.structure import NOT_BLANK, assemble, because

MAX_TITLE = 500  # characters
EARLIEST = date(1600, 1, 1)  # the first newspapers appeared in 1605

MISSING_TITLE = because("The article has no title.", "missing_title")
MISSING_TEXT = because("The article has no text.", "missing_text")
IMPLAUSIBLE_DATE = because(
    "The article is dated {value}, before newspapers existed.",
    "implausible_date",
)


def suite() -> ExpectationSuite:
    """The suite of the table articles."""
    return assemble(
        "articles",
        missing={"title": MISSING_TITLE, "text": MISSING_TEXT},
        domain=[
            gxe.ExpectColumnValuesToMatchRegex(column="title", regex=NOT_BLANK, meta=MISSING_TITLE),
            gxe.ExpectColumnValuesToMatchRegex(column="text", regex=NOT_BLANK, meta=MISSING_TEXT),
            gxe.ExpectColumnValuesToBeBetween(
                column="n_words", min_value=1, meta=because("The text holds no word.", "missing_text")
            ),
            gxe.ExpectColumnValueLengthsToBeBetween(
                column="title",
                max_value=MAX_TITLE,
                meta=because(
                    f"The title is longer than {MAX_TITLE} characters; it is probably another field.", "title_too_long"
                ),
            ),
            gxe.ExpectColumnValuesToBeBetween(
                column="published_on",
                max_value={"$PARAMETER": LATEST_DAY},
                meta=because("The article is dated {value}, which lies in the future.", "future_date"),
            ),
            gxe.ExpectColumnValuesToBeBetween(column="published_on", min_value=EARLIEST, meta=IMPLAUSIBLE_DATE),
            gxe.ExpectColumnValuesToBeBetween(
                column="modified_at",
                min_value=datetime(EARLIEST.year, EARLIEST.month, EARLIEST.day, tzinfo=UTC),
                meta=because("The article was modified on {value}, before newspapers existed.", "implausible_date"),
            ),
            gxe.ExpectColumnValuesToMatchRegex(
                column="canonical_url",
                # After the host only a delimiter can follow, so no two parts of the pattern match the same characters.
                regex=r"\Ahttps?://[^\s/?#]+(?:[/?#]\S*)?\Z",
                meta=because("canonical_url is {value}, which is no address on the web."),
            ),
            gxe.ExpectColumnValuesToMatchRegex(
                column="language",
                regex=r"\A[a-z]{2,3}\Z",
                meta=because("language is {value}, which is not a code of two or three small letters."),
            ),
        ],
    )
