"""The option that writes the expected records of the golden files anew."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--regenerate", action="store_true", help="write what the readers yield now beside the golden files"
    )
