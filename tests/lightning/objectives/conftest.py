"""An epoch of answers, in batches of any size."""

import numpy as np
import pytest
import torch

from dsf.lightning.epoch_metrics import EpochMetrics

CPU = torch.device("cpu")


@pytest.fixture(scope="session")
def run_epoch():
    """Give an objective the batches of an epoch, and take its numbers."""

    def run(objective, phase, batches, *, stop_after=None):
        """Batches are pairs: the batch, and what the network gave."""
        metrics = EpochMetrics(phase, objective)
        for number, (batch, logits) in enumerate(batches):
            if number == stop_after:
                metrics = go_on(metrics, phase, objective)
            _, targets = objective.read(batch)
            metrics.add(objective.loss(logits, targets), batch, logits, targets)
        numbers = metrics.finish(CPU)
        assert all(name.startswith(f"{phase}_") for name in numbers)
        return {name.removeprefix(f"{phase}_"): value for name, value in numbers.items()}

    return run


def go_on(metrics, phase, objective):
    """Stop in the middle of the epoch, and go on with new metrics."""
    state = metrics.state(CPU)
    other = EpochMetrics(phase, objective)
    other.restore(state)
    return other


@pytest.fixture(scope="session")
def cut():
    """Cut rows into batches of random sizes."""

    def make(rows, seed):
        random = np.random.default_rng(seed)
        ends = np.flatnonzero(random.random(max(0, rows - 1)) < 0.3) + 1
        return np.split(np.arange(rows), ends)

    return make
