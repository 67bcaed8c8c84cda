"""What an attribution must satisfy: its spans lie in the text, and its cue and source are there with their spans."""

from __future__ import annotations

import great_expectations.expectations as gxe
from great_expectations import ExpectationSuite

from schemas.expectations import ATTRIBUTION_PROBLEM, SPAN_PROBLEM
from schemas.expectations.structure import NOT_BLANK, assemble, because


def suite() -> ExpectationSuite:
    """The suite of the table quotes."""
    return assemble(
        "quotes",
        [
            gxe.ExpectColumnValuesToMatchRegex(
                column="content", regex=NOT_BLANK, meta=because("The quote has no content.")
            ),
            gxe.ExpectColumnValuesToBeNull(
                column=SPAN_PROBLEM,
                meta=because("{column} are empty, out of order or outside the text: {value}."),
            ),
            gxe.ExpectColumnValuesToBeNull(
                column=ATTRIBUTION_PROBLEM,
                meta=because("The words and the spans of {column} do not go together: {value}."),
            ),
            gxe.ExpectColumnValuesToBeBetween(
                column="n_paragraphs", min_value=1, meta=because("The quote runs over {value} paragraphs.")
            ),
            gxe.ExpectColumnValuesToBeUnique(
                column="quote_id", meta=because("The quote {value} has been read before.", "duplicate_record")
            ),
        ],
    )
