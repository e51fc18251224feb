"""Where the weights of the best epoch are that a checkpoint knows of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch

from dsf.core.atomic import WORK_SUFFIX
from dsf.core.errors import RunError
from dsf.lightning.checkpoint_io import read_checkpoint

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["find_best", "forget_best", "knows_best"]

_BEST = "best.ckpt"


def knows_best(checkpoint: Mapping[str, Any]) -> bool:
    """Say whether an epoch has been the best one so far.

    Args:
        checkpoint: Content of the file.
    """
    return bool(_state(checkpoint).get("best_model_path"))


def find_best(path: Path, checkpoint: Mapping[str, Any]) -> Path | None:
    """Find the checkpoint of the best epoch, by its number and not by its name alone.

    It is the file itself, or one that a callback of the fit named, in a fit that may have been
    published since, or ``best.ckpt`` beside it.

    Args:
        path: The file.
        checkpoint: Its content.

    Returns:
        ``None`` if it is gone, or was replaced by that of a later epoch.
    """
    state = _state(checkpoint)
    if _is_of_best(checkpoint, state):
        return path
    for candidate in dict.fromkeys(_candidates(path, checkpoint, state["monitor"])):
        try:
            if _is_of_best(read_checkpoint(candidate), state):
                return candidate
        except RunError:  # not there, or another kind of file by now
            continue
    return None


def forget_best(checkpoint: Mapping[str, Any]) -> None:
    """Let a checkpoint count as the best one itself, in place: what was better is lost.

    Within an epoch it has no number of its own, and any epoch that follows counts as better.

    Args:
        checkpoint: Content of the file.
    """
    state = _state(checkpoint)
    number, path = _number(checkpoint, state["monitor"]), state["best_model_path"]
    score = None if number is None else torch.tensor(number)
    models = {} if score is None else {path: score}
    state |= {"best_model_score": score, "current_score": score, "best_k_models": models}
    state |= {"kth_best_model_path": path if models else "", "kth_value": score}


def _state(checkpoint: Mapping[str, Any]) -> dict[str, Any]:
    """Give what our own callback for the best model knew; empty if there was none."""
    for name, state in checkpoint.get("callbacks", {}).items():
        if str(name).startswith("BestCheckpoint"):
            found: dict[str, Any] = state
            return found
    return {}


def _is_of_best(checkpoint: Mapping[str, Any], state: Mapping[str, Any]) -> bool:
    """Say whether a checkpoint was written at the end of the epoch that was the best."""
    best, own = state["best_model_score"], _state(checkpoint).get("best_model_score")
    if best is None or own is None:
        return False
    return float(best) == float(own) == _number(checkpoint, state["monitor"])


def _number(checkpoint: Mapping[str, Any], monitor: str) -> float | None:
    """Give the number of the epoch at whose end a checkpoint was written; ``None`` within one."""
    rows = checkpoint.get("callbacks", {}).get("History", {}).get("rows", [])
    if not rows or rows[-1]["step"] != checkpoint["global_step"]:
        return None
    number: float | None = rows[-1].get(monitor)
    return number


def _candidates(path: Path, checkpoint: Mapping[str, Any], monitor: str) -> Iterator[Path]:
    yield path.with_name(_BEST)
    for state in checkpoint["callbacks"].values():
        if state.get("best_model_path") and state.get("monitor") == monitor:
            named = Path(state["best_model_path"])
            yield named
            yield Path(*[part.removesuffix(WORK_SUFFIX) for part in named.parts])
