"""The newest version is challenger, whoever is faster; who was champion once is not again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dsf.registry.challenger import make_challenger
from dsf.registry.promotion import promote, rollback
from dsf.registry.versions import CHALLENGER, CHAMPION, Registry
from tests.registered_versions import RegisteredVersions, make_settings

if TYPE_CHECKING:
    from dsf.registry.registered_version import RegisteredVersion


def challengers(own: RegisteredVersions) -> list[str]:
    versions = own.registry.list_versions("shop")
    return [one.version for one in versions if CHALLENGER in one.aliases]


def test_only_the_newest_becomes_challenger(own: RegisteredVersions) -> None:
    first, second = own.add(), own.add()
    assert make_challenger(own.registry, first) == (
        "does not become challenger: version 2 is newer"
    )
    assert challengers(own) == []
    assert make_challenger(own.registry, second) == "is the challenger now"
    assert make_challenger(own.registry, second) == "is the challenger already"
    assert challengers(own) == ["2"]
    promote(own.registry, "shop", 2)
    assert make_challenger(own.registry, second) == "is the champion"
    assert challengers(own) == []


class Overtaken(Registry):
    """A registry in which another process makes a newer version before our alias is set."""

    def __init__(self, own: RegisteredVersions, alias: str) -> None:
        super().__init__(make_settings(own.folder))
        self.own, self.alias = own, alias

    def set_alias(self, version: RegisteredVersion, alias: str) -> None:
        if self.alias:
            self.own.add(aliases=(self.alias,))
            self.alias = ""
        super().set_alias(version, alias)


@pytest.mark.parametrize(("alias", "left"), [(CHALLENGER, ["2"]), (CHAMPION, []), ("x", ["2"])])
def test_the_alias_does_not_stay_with_the_older_one_of_two_at_once(
    own: RegisteredVersions, alias: str, left: list[str]
) -> None:
    first = own.add()
    said = make_challenger(Overtaken(own, alias), first)
    assert said == "does not become challenger: version 2 is newer"
    assert challengers(own) == left


def test_a_version_that_was_given_up_stays_so(own: RegisteredVersions) -> None:
    own.add()
    promote(own.registry, "shop", 1)
    second = own.add(compared_with="models:/shop/1")
    promote(own.registry, "shop", 2)
    rollback(own.registry, "shop", "Complaints since Tuesday")
    assert make_challenger(own.registry, second) == (
        "does not become challenger, since it was champion once and was given up. To use it again: "
        "dsf-cli registry rollback shop --to 2 --reason TEXT"
    )
    assert challengers(own) == []
