"""What an entity must satisfy: somebody names it, in the order of days, under the name that it is shown by."""

from __future__ import annotations

import great_expectations.expectations as gxe
from great_expectations import ExpectationSuite

from schemas.expectations.structure import NOT_BLANK, assemble, because


def suite() -> ExpectationSuite:
    """The suite of the table entities."""
    return assemble(
        "entities",
        [
            gxe.ExpectColumnValuesToBeUnique(
                column="entity_id", meta=because("There are two entities with the key {value}.")
            ),
            gxe.ExpectColumnValuesToMatchRegex(
                column="name", regex=NOT_BLANK, meta=because("The entity's name is blank.")
            ),
            gxe.ExpectColumnValuesToBeBetween(
                column="n_articles", min_value=1, meta=because("The entity is named by {value} articles.")
            ),
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A="last_seen_on",
                column_B="first_seen_on",
                or_equal=True,
                ignore_row_if="either_value_is_missing",
                meta=because("The entity was last seen before it was first seen: {value}."),
            ),
        ],
    )
