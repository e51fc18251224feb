"""The step fit, killed at any moment, goes on to the results of an undisturbed run.

A file of its own for the drawn moments and one for the checkpoints: workers take whole files.
"""

import pytest


@pytest.mark.parametrize("killing", ["fit"], indirect=True)
def test_a_killed_fit_goes_on(killing):
    events = killing.events()
    moments = set(killing.draw(events, seed=2))
    [publication] = killing.renames(events, "2_fit")
    moments |= {publication, publication + 1}
    killing.kill_and_go_on(sorted(moments), events)
