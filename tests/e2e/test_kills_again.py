"""A step that replaces its older folder, killed at any moment, leaves the new one or runs again."""

import pytest


@pytest.mark.parametrize("killing", ["eval again"], indirect=True)
def test_a_step_killed_while_it_replaces_its_folder_goes_on(killing):
    events = killing.events()
    renames = killing.renames(events, "4_eval") + killing.renames(events, ".4_eval.old.work")
    assert len(renames) == 2
    moments = set(killing.draw(events, seed=6)) | {
        moment + after for moment in renames for after in (0, 1)
    }
    killing.kill_and_go_on(sorted(moments), events)
