"""What a link must satisfy: its anchor lies in the text. A related link has been taken out, so its span is empty."""

from __future__ import annotations

import great_expectations.expectations as gxe
from great_expectations import ExpectationSuite

from schemas.expectations.structure import NOT_BLANK, assemble, because


def suite() -> ExpectationSuite:
    """The suite of the table links."""
    return assemble(
        "links",
        [
            gxe.ExpectColumnValuesToMatchRegex(
                column="url", regex=NOT_BLANK, meta=because("The link's address is blank instead of NULL.")
            ),
            gxe.ExpectColumnValuesToBeBetween(
                column="start", min_value=0, meta=because("The link starts at {value}, before the text.")
            ),
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="end",
                column_B="start",
                or_equal=True,
                meta=because("The link ends before its start: {value}."),
            ),
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="n_characters",
                column_B="end",
                or_equal=True,
                meta=because("The link ends behind the text: {value}."),
            ),
        ],
    )
