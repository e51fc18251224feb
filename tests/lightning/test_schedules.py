"""Learning rates rise and fall over the steps of a fit."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from dsf.lightning.schedules import SCHEDULES, build_schedule


def rates(name, warmup, total):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    schedule = build_schedule(optimizer, name, warmup, total)
    found = []
    for _ in range(total):
        found.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        schedule.step()
    return found


@pytest.mark.parametrize("name", ["linear", "cosine"])
def test_the_last_step_is_near_zero(name):
    assert rates(name, 10, 100)[-1] < 0.02


def test_the_warm_up_is_linear_and_reaches_the_top():
    found = rates("constant", 4, 8)
    assert found == [0.0, 0.25, 0.5, 0.75, 1.0, 1.0, 1.0, 1.0]


@given(
    name=st.sampled_from(sorted(SCHEDULES)),
    warmup=st.integers(0, 30),
    total=st.integers(1, 60),
)
def test_rates_stay_between_zero_and_one_and_never_rise_after_the_warm_up(name, warmup, total):
    found = rates(name, warmup, total)
    assert all(0.0 <= rate <= 1.0 for rate in found)
    after = found[warmup:]
    assert after == sorted(after, reverse=True)


def test_a_fit_ends_near_zero_whatever_its_epochs(fit):
    trainer = fit(max_epochs=4)
    assert trainer.global_step == 20
    assert trainer.optimizers[0].param_groups[0]["lr"] == pytest.approx(0.0, abs=1e-9)
