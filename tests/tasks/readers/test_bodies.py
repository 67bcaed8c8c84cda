import pytest

from tasks.readers.bodies import read_text
from tasks.readers.values import WrongType

PICTURE = {"type": "image", "caption": "The ferry", "text": "The ferry"}


@pytest.mark.parametrize(
    "body",
    [
        [{"type": "text", "content": "It sails."}, PICTURE, {"type": "text", "content": "It is wet."}],
        {"blocks": [{"type": "paragraph", "data": {"text": "It sails."}}, {"type": "paragraph", "text": "It is wet."}]},
        {
            "type": "doc",
            "content": [
                {"type": "paragraph", "content": [{"type": "text", "text": "It "}, {"type": "text", "text": "sails."}]},
                PICTURE,
                {"type": "paragraph", "content": [{"type": "text", "text": "It is wet."}]},
            ],
        },
        {
            "nodeType": "document",
            "content": [
                {"nodeType": "paragraph", "content": [{"nodeType": "text", "value": "It sails."}], "data": {}},
                {"nodeType": "embedded-asset-block", "content": [{"nodeType": "text", "value": "No."}]},
                {"nodeType": "paragraph", "content": [{"nodeType": "text", "value": "It is wet."}], "data": {}},
            ],
        },
        [{"_type": "block", "children": [{"text": "It "}, {"text": "sails."}]}, {"children": [{"text": "It is wet."}]}],
        {"content": ["It sails.", None, "It is wet."], "direction": "ltr"},
    ],
)
def test_nested_blocks_are_paragraphs_and_pictures_are_none(body):
    assert read_text([("body", body)], join=False) == (["It sails.", "It is wet."], "plain")


@pytest.mark.parametrize("body", [7, {"width": 7}, [1, 2], PICTURE])
def test_what_holds_no_text_is_of_a_wrong_type(body):
    with pytest.raises(WrongType):
        read_text([("body", body)], join=False)


def test_blocks_without_end_are_cut_off_and_do_no_harm():
    body = {"text": "x"}
    for _ in range(500):
        body = {"children": [body]}
    with pytest.raises(WrongType):
        read_text([("body", body)], join=False)
