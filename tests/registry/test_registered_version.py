"""The address of a version is split, and leads back to it."""

from __future__ import annotations

import pytest

from dsf.registry.registered_version import RegisteredVersion, parse_model_uri


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("models:/shop/3", ("shop", "3")),
        ("models:/shop@champion", ("shop", "champion")),
        ("models:/my shop@x", ("my shop", "x")),
        ("models:/shop", None),
        ("models:/shop/3/4", None),
        ("shop/3", None),
        ("3", None),
    ],
)
def test_addresses_are_split(text: str, parts: tuple[str, str] | None) -> None:
    assert parse_model_uri(text) == parts


def test_the_address_of_a_version_leads_back_to_it() -> None:
    assert parse_model_uri(RegisteredVersion("shop", "12").uri) == ("shop", "12")
