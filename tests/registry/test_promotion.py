"""The champion is moved by a verdict on today's champion, by force, or back; and it is told."""

from __future__ import annotations

import pytest

from dsf.core.errors import UserError
from dsf.registry.promotion import PromotionRefusedError, promote, rollback
from dsf.registry.trail import (
    PROMOTED,
    REPLACED,
    ROLLED_BACK,
    read_trail,
    who_acts,
)
from dsf.registry.versions import CHALLENGER, CHAMPION
from tests.registered_versions import RegisteredVersions, chain, champion, trail


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
