"""Batches without padding: planned by a seed, shared between processes, resumable anywhere."""

from dsf.data.batching.batch_plan import ORDERS, BatchPlan
from dsf.data.batching.token_batches import TokenBatches

__all__ = ["ORDERS", "BatchPlan", "TokenBatches"]
