"""The champion is moved by a verdict on today's champion, by force, or back; and it is told."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from dsf.core.errors import UserError
from dsf.registry.champion_change import PENDING_TAG
from dsf.registry.promotion import PromotionRefusedError, promote, rollback
from dsf.registry.trail import (
    PROMOTED,
    REPLACED,
    ROLLED_BACK,
    past_champions,
    read_trail,
    who_acts,
)
from dsf.registry.versions import CHALLENGER, CHAMPION, Registry
from tests.registered_versions import RegisteredVersions, make_database, make_settings

if TYPE_CHECKING:
    from pathlib import Path

    from dsf.registry.registered_version import RegisteredVersion


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_database(tmp_path_factory.mktemp("database") / "mlflow.db")


@pytest.fixture
def own(tmp_path: Path, database: Path) -> RegisteredVersions:
    return RegisteredVersions(tmp_path, database)


def trail(registry: Registry, number: int) -> list[tuple[str, str, str]]:
    """What befell a version: what, the champion afterwards, the one before."""
    entries = read_trail(registry.find("shop", number).tags)
    return [(one.what, one.champion, one.champion_before) for one in entries]


def champion(registry: Registry) -> str:
    found = registry.champion("shop")
    return found.version if found else ""


def test_the_first_champion_needs_a_verdict_on_anything(own: RegisteredVersions) -> None:
    own.add(aliases=(CHALLENGER,))
    change = promote(own.registry, "shop")
    assert change.version.aliases == (CHAMPION,)
    assert change.before is None
    (entry,) = read_trail(own.registry.find("shop", CHAMPION).tags)
    assert entry == change.entry
    assert (entry.what, entry.champion, entry.champion_before) == (PROMOTED, "1", "")
    assert entry.who == who_acts()
    assert (entry.verdict, entry.compared_with, entry.forced) == ("better", "baseline", False)
    assert (entry.run, entry.report) == ("/runs/v1", "/runs/v1/5_compare/report.html")
    assert own.registry.read_model_tags("shop") == {}


def test_the_next_one_replaces_it(own: RegisteredVersions) -> None:
    first = own.add(aliases=(CHAMPION,))
    own.add(compared_with=first.uri, aliases=(CHALLENGER, "mine"))
    change = promote(own.registry, "shop")
    assert change.before is not None
    assert change.before.version == "1"
    assert own.registry.find("shop", 2).aliases == (CHAMPION, "mine")
    assert own.registry.find("shop", 1).aliases == ()
    assert trail(own.registry, 2) == [(PROMOTED, "2", "1")]
    assert trail(own.registry, 1) == [(REPLACED, "2", "1")]


def test_the_alias_of_another_challenger_stays(own: RegisteredVersions) -> None:
    own.add()
    own.add(aliases=(CHALLENGER,))
    promote(own.registry, "shop", 1)
    assert own.registry.find("shop", CHALLENGER).version == "2"


@pytest.mark.parametrize(
    ("made", "told", "exit_code"),
    [
        ({"passed": False}, ["verdict: must pass", "worse: f1 is 0.02 lower."], 3),
        ({"compared_with": "baseline"}, ["of today, models:/shop/1, but is baseline"], 2),
        ({"compared_with": "models:/shop/9"}, ["but is models:/shop/9", "incumbent: registry"], 2),
        ({"passed": False, "compared_with": "x"}, ["verdict:", "compared with:"], 3),
        ({"by_dsf": False}, ["must have a verdict, but dsf has not registered"], 2),
    ],
)
def test_a_version_that_did_not_earn_it_is_refused(
    own: RegisteredVersions, made: dict[str, object], told: list[str], exit_code: int
) -> None:
    first = own.add(aliases=(CHAMPION,))
    own.add(**({"compared_with": first.uri} | made))  # type: ignore[arg-type]
    with pytest.raises(PromotionRefusedError) as refused:
        promote(own.registry, "shop", 2)
    assert all(text in str(refused.value) for text in [*told, "--force --reason"])
    assert refused.value.exit_code == exit_code
    assert champion(own.registry) == "1"
    assert trail(own.registry, 1) == trail(own.registry, 2) == []
    change = promote(own.registry, "shop", 2, force_reason=" The old one is down. ")
    assert change.entry is not None
    assert change.entry.forced
    assert change.entry.reason == "The old one is down."
    assert champion(own.registry) == "2"


def test_a_verdict_on_a_champion_of_yesterday_does_not_count(own: RegisteredVersions) -> None:
    first = own.add(aliases=(CHAMPION,))
    own.add(compared_with=first.uri)
    own.add(compared_with=first.uri)
    promote(own.registry, "shop", 2)
    with pytest.raises(PromotionRefusedError, match="of today, models:/shop/2, but is models:/s"):
        promote(own.registry, "shop", 3)


def test_force_needs_a_reason_and_is_only_called_so_where_it_was_needed(
    own: RegisteredVersions,
) -> None:
    own.add()
    with pytest.raises(UserError, match="Force must have a reason"):
        promote(own.registry, "shop", 1, force_reason="  ")
    assert champion(own.registry) == ""
    change = promote(own.registry, "shop", 1, force_reason="in any case")
    assert change.entry is not None
    assert not change.entry.forced
    assert change.entry.reason == "in any case"


def test_who_is_champion_already_stays_it_and_nothing_is_told(own: RegisteredVersions) -> None:
    own.add(passed=False)
    promote(own.registry, "shop", 1, force_reason="first")
    before = own.registry.find("shop", 1)
    for reason in (None, "again"):
        change = promote(own.registry, "shop", 1, force_reason=reason)
        assert change.entry is None
        assert change.version == change.before == before
    assert own.registry.find("shop", 1) == before


def test_promoted_twice_nothing_is_changed_the_second_time(own: RegisteredVersions) -> None:
    """A pipeline that is run again names nobody: the challenger has become champion."""
    own.add(aliases=(CHALLENGER,))
    assert promote(own.registry, "shop").entry is not None
    again = promote(own.registry, "shop")
    assert again.entry is None
    assert again.version.version == champion(own.registry) == "1"


def test_a_refusal_names_the_rule_and_what_has_to_be_known(own: RegisteredVersions) -> None:
    first = own.add(aliases=(CHAMPION,))
    rule, note = "superiority, margin 0.01", "The champion has learned from 3 rows."
    own.add(compared_with=first.uri, passed=False, rule=rule, notes=note)
    with pytest.raises(PromotionRefusedError) as refused:
        promote(own.registry, "shop", 2)
    assert "must pass the rule of its run (superiority, margin 0.01), but is" in str(refused.value)
    assert f"Note: {note}" in str(refused.value)


def test_without_a_challenger_there_is_nothing_to_promote(own: RegisteredVersions) -> None:
    own.add()
    with pytest.raises(UserError, match="'challenger' of 'shop', but its versions are 1"):
        promote(own.registry, "shop")
    with pytest.raises(UserError, match="must be a registered model 'ship'"):
        promote(own.registry, "ship")


def chain(own: RegisteredVersions, count: int) -> None:
    """Versions that each became champion after the one before."""
    for number in range(count):
        own.add(compared_with=f"models:/shop/{number}")
        promote(own.registry, "shop", "latest")


def test_a_rollback_goes_back_and_back(own: RegisteredVersions) -> None:
    chain(own, 3)
    own.registry.set_alias(own.registry.find("shop", 2), CHALLENGER)
    change = rollback(own.registry, "shop", " slow ")
    assert (change.version.version, change.version.aliases) == ("2", (CHAMPION,))
    assert change.before is not None
    assert change.before.version == "3"
    assert trail(own.registry, 2) == [
        (PROMOTED, "2", "1"),
        (REPLACED, "3", "2"),
        (ROLLED_BACK, "2", "3"),
    ]
    assert trail(own.registry, 3) == [(PROMOTED, "3", "2"), (ROLLED_BACK, "2", "3")]
    assert read_trail(change.version.tags)[-1].reason == "slow"
    assert rollback(own.registry, "shop", "slow, too").version.version == "1"
    with pytest.raises(PromotionRefusedError, match="version 1 has no champion before it") as no:
        rollback(own.registry, "shop", "why not")
    assert "versions that were: 3, 2 (--to)" in str(no.value)
    assert no.value.exit_code == 2
    assert rollback(own.registry, "shop", "it was better", to=3).version.version == "3"
    assert rollback(own.registry, "shop", "no", to=3).entry is None


def test_a_rollback_needs_a_reason_a_champion_and_a_past(own: RegisteredVersions) -> None:
    chain(own, 2)
    own.add()
    with pytest.raises(UserError, match="A rollback must have a reason"):
        rollback(own.registry, "shop", " ")
    with pytest.raises(PromotionRefusedError) as never:
        rollback(own.registry, "shop", "curious", to=3)
    assert str(never.value) == (
        "models:/shop/3 cannot be champion again:\n"
        "  - version 3: must have been champion once, but never was. Version 2 is champion. Before "
        "it, 1 was. To make version 3 champion for the first time: "
        "dsf-cli registry promote shop 3."
    )
    own.client.delete_model_version("shop", "1")
    with pytest.raises(PromotionRefusedError, match="version 1, the champion before, was deleted"):
        rollback(own.registry, "shop", "slow")
    own.registry.remove_alias("shop", CHAMPION)
    with pytest.raises(PromotionRefusedError, match="has no champion"):
        rollback(own.registry, "shop", "slow")
    assert trail(own.registry, 2) == [(PROMOTED, "2", "1")]


def test_a_version_that_never_was_champion_is_refused_beside_the_only_champion(
    own: RegisteredVersions,
) -> None:
    chain(own, 1)
    own.add()
    with pytest.raises(PromotionRefusedError) as never:
        rollback(own.registry, "shop", "curious", to=2)
    assert str(never.value) == (
        "models:/shop/2 cannot be champion again:\n"
        "  - version 2: must have been champion once, but never was. Version 1 is champion. No "
        "other ever was. To make version 2 champion for the first time: "
        "dsf-cli registry promote shop 2."
    )
    assert champion(own.registry) == "1"


def test_a_champion_made_by_hand_gives_way_to_the_last_that_was_earned(
    own: RegisteredVersions,
) -> None:
    chain(own, 2)
    own.registry.set_alias(own.add(), CHAMPION)
    assert rollback(own.registry, "shop", "who did that?").version.version == "2"
    assert trail(own.registry, 3) == [(ROLLED_BACK, "2", "3")]


def test_both_versions_tell_of_a_rollback_in_the_same_words_and_without_a_verdict(
    own: RegisteredVersions,
) -> None:
    chain(own, 2)
    change = rollback(own.registry, "shop", "Complaints since Tuesday")
    back, given_up = (read_trail(own.registry.find("shop", one).tags)[-1] for one in (1, 2))
    assert back == given_up == change.entry
    assert (back.what, back.champion, back.champion_before) == (ROLLED_BACK, "1", "2")
    assert (back.who, back.reason) == (who_acts(), "Complaints since Tuesday")
    assert back.when
    # That of version 1 is older than version 2, and no reason for it.
    assert (back.verdict, back.compared_with, back.report) == ("", "", "")


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
