"""A step, killed at any moment, goes on to the results of an undisturbed run."""

import pytest

STEPS = ["split", "fit", "test", "eval", "compare", "export"]
SOME = 12
ALL = pytest.param(None, marks=pytest.mark.slow, id="all moments")


@pytest.mark.parametrize("count", [pytest.param(SOME, id="some moments"), ALL])
@pytest.mark.parametrize("killing", STEPS, indirect=True)
def test_a_killed_step_goes_on(killing, count):
    events = killing.events()
    assert len(events) > SOME
    moments = set(killing.draw(events, seed=STEPS.index(killing.step), count=count))
    [publication] = killing.renames(events, killing.folder)
    moments |= {publication, publication + 1}
    killing.kill_and_go_on(sorted(moments), events)


@pytest.mark.parametrize("killing", ["eval again"], indirect=True)
def test_a_step_killed_while_it_replaces_its_folder_leaves_the_new_one_or_runs_again(killing):
    events = killing.events()
    renames = killing.renames(events, "4_eval") + killing.renames(events, ".4_eval.old.work")
    assert len(renames) == 2
    moments = set(killing.draw(events, seed=6, count=SOME)) | {
        moment + after for moment in renames for after in (0, 1)
    }
    killing.kill_and_go_on(sorted(moments), events)
