"""The step split, killed at any moment, goes on to the results of an undisturbed run."""

import pytest


@pytest.mark.parametrize("killing", ["split"], indirect=True)
def test_a_killed_split_goes_on(killing):
    events = killing.events()
    moments = set(killing.draw(events, seed=1))
    [publication] = killing.renames(events, killing.folder)
    moments |= {publication, publication + 1}
    killing.kill_and_go_on(sorted(moments), events)
