import pytest

from tasks.copies.speakers import Agreement, Speaker

SAME, UNKNOWN, OTHER = Agreement


@pytest.mark.parametrize(
    ("one", "other", "agreement"),
    [
        (("Hannah Osei", None), ("Osei", None), SAME),
        (("Hannah Osei", None), ("hannah b. osei", None), SAME),
        (("Zoë Núñez", None), ("Zoe Nunez", None), SAME),
        (("Hannah Osei", None), ("Peter Osei", None), OTHER),
        (("Hannah Osei", None), (None, None), UNKNOWN),
        ((None, None), (None, None), UNKNOWN),
        (("Osei", "e1"), ("Osei", "e2"), OTHER),
        (("the minister", "e1"), ("Osei", "e1"), SAME),
        (("Osei", "e1"), ("Osei", None), SAME),
        ((None, "e1"), ("Osei", None), UNKNOWN),
    ],
)
def test_agreement(one: tuple, other: tuple, agreement: Agreement) -> None:
    assert Speaker.of(*one).agrees(Speaker.of(*other)) is agreement
    assert Speaker.of(*other).agrees(Speaker.of(*one)) is agreement
