"""Batches hold the rows' own tokens, and go on where they stopped."""

import json

import numpy as np
import pytest
import torch
from torch.utils.data import DataLoader

from dsf.core.errors import DataError, RunMismatchError
from dsf.data.batching import BatchPlan, TokenBatches
from dsf.data.encoding import EncodedTexts

LENGTHS = np.random.default_rng(0).integers(1, 9, 43)
OFFSETS = np.concatenate([[0], np.cumsum(LENGTHS)])
ENCODED = EncodedTexts(np.arange(OFFSETS[-1], dtype=np.int32), OFFSETS, 0)


def make(**options):
    plan = BatchPlan(LENGTHS, **{"batch_size": 4, "seed": 3, **options})
    return TokenBatches(ENCODED, plan, row_fields={"rows": np.arange(len(LENGTHS))})


def rows_of(batches):
    return [batch["rows"].tolist() for batch in batches]


def test_a_batch_is_the_tokens_of_its_rows_one_after_the_other():
    targets = np.random.default_rng(1).integers(0, 2, (43, 3))
    tags = -ENCODED.ids.astype(np.int64)
    batches = TokenBatches(
        ENCODED,
        BatchPlan(LENGTHS, batch_size=5),
        row_fields={"targets": targets},
        token_fields={"tags": tags},
    )
    assert len(batches) == 9
    for rows, batch in zip(batches.plan.batches(0), batches, strict=True):
        assert batch["input_ids"].tolist() == [i for row in rows for i in ENCODED[row]]
        assert batch["lengths"].tolist() == LENGTHS[rows].tolist()
        assert batch["targets"].tolist() == targets[rows].tolist()
        assert torch.equal(batch["tags"], -batch["input_ids"])
        assert batch["input_ids"].dtype == batch["lengths"].dtype == torch.int64


@pytest.mark.parametrize("options", [{}, {"world": 3, "rank": 1}, {"order": "length"}])
@pytest.mark.parametrize("seen", [0, 1, 3, "all"])
def test_it_goes_on_in_the_middle_of_an_epoch(options, seen):
    stopped = make(**options)
    stopped.set_epoch(2)
    whole = rows_of(stopped)
    seen = len(whole) if seen == "all" else seen
    running = iter(stopped)
    before = rows_of(next(running) for _ in range(seen))
    state = json.loads(json.dumps(stopped.state_dict()))

    restored = make(**options)
    restored.load_state_dict(state)
    restored.set_epoch(2)  # a trainer says it again
    assert restored.state_dict() == state
    assert before + rows_of(restored) == whole
    assert rows_of(restored) == whole  # only once: the next pass is whole again
    restored.set_epoch(3)
    assert rows_of(restored) == rows_of(make_at(3, **options))


def make_at(epoch, **options):
    batches = make(**options)
    batches.set_epoch(epoch)
    return batches


def test_another_epoch_begins_at_its_first_batch():
    batches = make()
    batches.load_state_dict({**batches.state_dict(), "epoch": 1, "batch": 4})
    batches.set_epoch(2)
    assert rows_of(batches) == rows_of(make_at(2))


@pytest.mark.parametrize("workers", [0, 2])
def test_a_loader_keeps_the_order_with_any_number_of_workers(workers):
    batches = make()
    batches.load_state_dict({**batches.state_dict(), "epoch": 1, "batch": 2})
    loader = DataLoader(batches, batch_size=None, num_workers=workers)
    assert rows_of(loader) == rows_of(make_at(1))[2:]


def test_a_state_of_another_plan_is_refused():
    for options in ({"seed": 4}, {"batch_size": 5}, {"world": 2}, {"order": "length"}):
        with pytest.raises(RunMismatchError, match="planned as they were"):
            make().load_state_dict(make(**options).state_dict())
    make(world=2, rank=0).load_state_dict(make(world=2, rank=1).state_dict())


def test_arrays_that_do_not_fit_are_all_named():
    with pytest.raises(DataError) as caught:
        TokenBatches(
            ENCODED,
            BatchPlan([1, 2], batch_size=1),
            row_fields={"targets": np.zeros(3)},
            token_fields={"tags": np.zeros(5)},
        )
    assert [problem.where for problem in caught.value.problems] == [
        "targets",
        "tags",
        "plan.lengths",
    ]
