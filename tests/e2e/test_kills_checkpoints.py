"""A fit that is killed around the writing of a checkpoint goes on from the one before."""

import random
import signal

import pytest

WRITINGS = [("last", 1), ("last", 2), ("last", 3), ("best", 1), ("best", 2), ("best", 3)]
SHORTEST, LONGEST = 0.00001, 0.002  # seconds from the opening of the file to the kill


@pytest.mark.parametrize("killing", ["fit"], indirect=True)
def test_killed_before_and_after_the_rename_of_a_checkpoint(killing):
    events = killing.events()
    renames = killing.renames(events, "last.ckpt")
    assert len(renames) == 3
    renames += killing.renames(events, "best.ckpt")[:1]
    for rename in renames:
        killing.kill_and_go_on([rename, rename + 1], events)


@pytest.mark.parametrize("killing", ["fit"], indirect=True)
def test_killed_while_a_checkpoint_is_written(killing):
    chance, deaths = random.Random(6), []
    for name, nth in WRITINGS:
        delay = chance.uniform(SHORTEST, LONGEST)
        death = killing.kill(in_write={"name": name, "nth": nth, "delay": delay})
        assert death.exit == -signal.SIGALRM
        assert death.fatal.startswith(f"open 2_fit.work/checkpoints/.{name}.")
        deaths.append(death)
        killing.go_on(death, to_the_end=False)
    torn = [death for death in deaths if any(".ckpt.work" in left for left in death.torn)]
    assert len(torn) >= 2, deaths
