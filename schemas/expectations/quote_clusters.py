"""What an utterance must satisfy: two quotes or more have it, and no more publishers than quotes."""

from __future__ import annotations

import great_expectations.expectations as gxe
from great_expectations import ExpectationSuite

from schemas.expectations.structure import NOT_BLANK, assemble, because


def suite() -> ExpectationSuite:
    """The suite of the table quote_clusters."""
    return assemble(
        "quote_clusters",
        [
            gxe.ExpectColumnValuesToBeUnique(
                column="quote_cluster_id", meta=because("There are two utterances with the key {value}.")
            ),
            gxe.ExpectColumnValuesToMatchRegex(
                column="canonical_content", regex=NOT_BLANK, meta=because("The utterance has no words.")
            ),
            gxe.ExpectColumnValuesToBeBetween(
                column="n_quotes", min_value=2, meta=because("The utterance has {value} quotes, and needs two.")
            ),
            gxe.ExpectColumnValuesToBeBetween(
                column="n_publishers", min_value=1, meta=because("The utterance has {value} publishers.")
            ),
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="n_quotes",
                column_B="n_publishers",
                or_equal=True,
                meta=because("The utterance has more publishers than quotes: {value}."),
            ),
        ],
    )
