"""What a mention must satisfy: it has words, and they lie in the text."""

from __future__ import annotations

import great_expectations.expectations as gxe
from great_expectations import ExpectationSuite

from schemas.expectations.structure import NOT_BLANK, assemble, because


def suite() -> ExpectationSuite:
    """The suite of the table mentions."""
    return assemble(
        "mentions",
        [
            gxe.ExpectColumnValuesToMatchRegex(
                column="text", regex=NOT_BLANK, meta=because("The mention has no words.")
            ),
            gxe.ExpectColumnValuesToBeBetween(
                column="start", min_value=0, meta=because("The mention starts at {value}, before the text.")
            ),
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="end", column_B="start", meta=because("The mention does not end behind its start: {value}.")
            ),
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="n_characters",
                column_B="end",
                or_equal=True,
                meta=because("The mention ends behind the text: {value}."),
            ),
            gxe.ExpectColumnValuesToBeBetween(
                column="paragraph", min_value=0, meta=because("The mention stands in paragraph {value}.")
            ),
            gxe.ExpectColumnValuesToBeUnique(
                column="mention_id", meta=because("The mention {value} has been read before.", "duplicate_record")
            ),
        ],
    )
