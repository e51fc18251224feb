"""The alias and the trail of a champion stay true, whoever is killed and whoever is faster."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from dsf.core.errors import UserError
from dsf.registry.champion_change import PENDING_TAG
from dsf.registry.promotion import promote, rollback
from dsf.registry.trail import (
    PROMOTED,
    REPLACED,
    ROLLED_BACK,
    past_champions,
    read_trail,
)
from dsf.registry.versions import CHALLENGER, CHAMPION, Registry
from tests.registered_versions import RegisteredVersions, chain, champion, make_settings, trail

if TYPE_CHECKING:
    from pathlib import Path

    from dsf.registry.registered_version import RegisteredVersion


def test_a_rollback_that_was_killed_is_told_as_one(own: RegisteredVersions) -> None:
    chain(own, 2)
    mortal = Mortal(own.folder, 2)  # intention, alias
    with pytest.raises(Killed):
        rollback(mortal, "shop", "slow")
    assert rollback(own.registry, "shop", "slow", to=1).entry is None
    assert trail(own.registry, 2)[-1] == trail(own.registry, 1)[-1] == (ROLLED_BACK, "1", "2")


class Killed(BaseException):
    """What no line of ours catches, as a process that ends at that point."""


class Mortal(Registry):
    """A registry whose process ends before one of its writes."""

    def __init__(self, folder: Path, writes: int) -> None:
        super().__init__(make_settings(folder))
        self.left = writes

    def live(self) -> None:
        if self.left == 0:
            raise Killed
        self.left -= 1

    def set_alias(self, version: RegisteredVersion, alias: str) -> None:
        self.live()
        super().set_alias(version, alias)

    def remove_alias(self, name: str, alias: str) -> None:
        self.live()
        super().remove_alias(name, alias)

    def tag_version(self, name: str, version: str, tag: str, text: str) -> None:
        self.live()
        super().tag_version(name, version, tag, text)

    def tag_model(self, name: str, tag: str, text: str) -> None:
        self.live()
        super().tag_model(name, tag, text)

    def untag_model(self, name: str, tag: str) -> None:
        self.live()
        super().untag_model(name, tag)


WRITES = 6  # of a whole promotion: intention, champion, challenger, two trails, intention


@pytest.mark.parametrize("writes", range(WRITES + 1))
@pytest.mark.parametrize("again", ["the same", "another change"])
def test_a_kill_leaves_no_lie_and_the_next_change_tells_the_rest(
    own: RegisteredVersions, writes: int, again: str
) -> None:
    chain(own, 1)
    own.add(compared_with="models:/shop/1", aliases=(CHALLENGER,))
    own.add(passed=False)
    mortal = Mortal(own.folder, writes)
    if writes < WRITES:
        with pytest.raises(Killed):
            promote(mortal, "shop", 2)
    else:
        promote(mortal, "shop", 2)
        assert mortal.left == 0
    done = champion(own.registry) == "2"
    assert done == (writes > 1)
    told = trail(own.registry, 2) + trail(own.registry, 1)[1:]
    assert done or told == []

    moved = [(PROMOTED, "2", "1")], [(PROMOTED, "1", ""), (REPLACED, "2", "1")]
    if again == "the same":
        assert (promote(own.registry, "shop", 2).entry is None) == done
        assert (trail(own.registry, 2), trail(own.registry, 1)) == moved
        assert own.registry.find("shop", 2).aliases == (CHAMPION,)
    else:
        promote(own.registry, "shop", 3, force_reason="in haste")
        before = "2" if done else "1"
        assert trail(own.registry, 3) == [(PROMOTED, "3", before)]
        assert trail(own.registry, 2) == ([*moved[0], (REPLACED, "3", "2")] if done else [])
    entries = [one for v in own.registry.list_versions("shop") for one in read_trail(v.tags)]
    assert past_champions(entries)[-1] == champion(own.registry)
    tags = own.registry.read_model_tags("shop")
    assert not [tag for tag in tags if tag.startswith(PENDING_TAG)]


def test_a_store_that_refuses_the_alias_leaves_all_as_it_was(own: RegisteredVersions) -> None:
    chain(own, 1)
    own.add(compared_with="models:/shop/1")
    with closing(sqlite3.connect(own.file)) as other:
        other.execute(
            "CREATE TRIGGER no BEFORE UPDATE ON registered_model_aliases "
            "BEGIN SELECT RAISE(ABORT, 'not today'); END"
        )
        with pytest.raises(UserError, match="not today"):
            promote(own.registry, "shop", 2)
        assert champion(own.registry) == "1"
        assert trail(own.registry, 2) == []
        other.execute("DROP TRIGGER no")
    assert promote(own.registry, "shop", 2).version.version == "2"
    assert trail(own.registry, 2) == [(PROMOTED, "2", "1")]


class Rushed(Registry):
    """A registry in which somebody else is faster, once the intention is written."""

    def __init__(self, folder: Path, rival: str) -> None:
        super().__init__(make_settings(folder))
        self.rival = rival

    def tag_model(self, name: str, tag: str, text: str) -> None:
        super().tag_model(name, tag, text)
        if self.rival == "done":
            self.set_alias(self.find(name, 3), CHAMPION)
        elif self.rival == "begun":
            super().tag_model(name, f"{PENDING_TAG}20200101T000000.000000Z", text)
        else:  # who came later took us for killed
            super().untag_model(name, tag)


@pytest.mark.parametrize(("rival", "left"), [("done", "3"), ("begun", "1"), ("tidied", "1")])
def test_somebody_who_is_faster_is_not_overruled(
    own: RegisteredVersions, rival: str, left: str
) -> None:
    chain(own, 1)
    own.add(compared_with="models:/shop/1")
    own.add()
    with pytest.raises(UserError, match=f"somebody else does it now; the champion is .*{left}"):
        promote(Rushed(own.folder, rival), "shop", 2)
    assert champion(own.registry) == left
    assert trail(own.registry, 2) == []
    assert len(own.registry.read_model_tags("shop")) == (rival == "begun")


def test_several_at_a_time_leave_a_trail_that_is_true(own: RegisteredVersions) -> None:
    for _ in range(6):
        own.add()

    def insist(number: int) -> str:
        registry = Registry(make_settings(own.folder))
        try:
            promote(registry, "shop", number, force_reason="mine")
        except UserError as error:
            return str(error)
        return ""

    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(insist, [1, 2, 3, 4, 5, 6]))
    assert all("somebody else does it now" in one for one in answers if one)
    done = {str(number) for number, one in enumerate(answers, 1) if not one}
    promote(own.registry, "shop", 6, force_reason="at last")
    entries = [one for v in own.registry.list_versions("shop") for one in read_trail(v.tags)]
    promoted = [one for one in entries if one.what == PROMOTED]
    assert past_champions(entries)[-1] == champion(own.registry) == "6"
    assert {one.champion for one in promoted} == done | {"6"}
    assert len(promoted) <= len(done) + 1
