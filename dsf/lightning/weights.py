"""A new module begins with the weights of another one, all of them or some parts."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any, NamedTuple

from dsf.core.config.architecture import architecture_changes, list_labels
from dsf.core.errors import ConfigError, Problem
from dsf.core.excerpts import count, excerpt, first_problems
from dsf.core.suggestions import did_you_mean
from dsf.lightning.stored_weights import StoredWeights, read_weights

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from torch import Tensor, nn

    from dsf.base.warm_start import WarmStart

__all__ = ["begin_with"]

log = logging.getLogger("dsf")

_STATE = "_extra_state"  # of a module, such as thresholds: no weight
_SHOWN = 40  # problems that an error lists


class _Fit(NamedTuple):
    """What of a file fits a module, and what does not."""

    taken: dict[str, Tensor]
    problems: list[Problem]


def begin_with(
    module: nn.Module,
    start: WarmStart,
    model_config: Mapping[str, Any],
    aside: Sequence[str] = (),
) -> list[str]:
    """Give a module weights of another one: no optimizer, no epoch, no thresholds.

    Args:
        module: Freshly made; changed in place.
        start: The file of the other one, and what to take of it.
        model_config: What the module was made with.
        aside: Names of submodules that are none of the network, such as a loss: only their
            parameters count as weights.

    Returns:
        Names of the weights that stay as they were although they were wanted.

    Raises:
        ConfigError: If the two differ, and that is not allowed; lists everything that does. If
            nothing fits, or labels would be mixed up, even if it is allowed.
        RunMismatchError: If the file cannot be read.
    """
    stored = read_weights(start.path, module)
    ours = _weights_of(module, aside)
    wanted = _choose(ours, start.parts)
    problems = _list_changes(stored, start, model_config)
    others = _find_labels(stored, start, model_config, wanted)
    fit = _match(ours, wanted, stored, start, others.taken, aside)
    problems += [*others.problems, *fit.problems]
    if problems and not start.allow_differences:
        raise _refusal(start, problems)
    if not fit.taken:
        raise _refusal(start, [Problem(start.source, "has no weight that fits"), *problems])
    # Not all at once: a part is wanted, or the rest may differ.
    module.load_state_dict(fit.taken, strict=False)
    rest = [name for name in wanted if name not in fit.taken]
    if problems:
        listed = "\n".join(f"  - {one}" for one in first_problems(problems, _SHOWN))
        log.warning(
            "fit      begins with %s of %s, although they differ:\n%s\n%s",
            count(len(fit.taken), "weight"),
            start.path,
            listed,
            f"At random begin: {', '.join(rest)}" if rest else "Nothing begins at random.",
        )
    return rest


def _weights_of(module: nn.Module, aside: Sequence[str]) -> dict[str, Tensor]:
    """Give parameters and buffers by name; of what stands aside, the parameters alone."""
    learned = {name for name, _ in module.named_parameters()}
    return {
        name: value
        for name, value in module.state_dict().items()
        if name.rpartition(".")[2] != _STATE and (name in learned or not _is_in(name, aside))
    }


def _choose(ours: Mapping[str, Tensor], parts: Sequence[str] | None) -> list[str]:
    """List the weights that lie in the parts.

    Raises:
        ConfigError: If a part has none.
    """
    if parts is None:
        return list(ours)
    known = sorted({".".join(name.split(".")[:depth]) for name in ours for depth in (1, 2)})
    empty = [part for part in parts if not any(_is_in(name, [part]) for name in ours)]
    if empty:
        raise ConfigError(
            "The fit cannot begin with these parts.",
            [
                Problem(
                    "warm_start_config.parts",
                    f"must be beginnings of names of weights, such as {', '.join(known[:8])}, but "
                    f"no weight of this model begins with {part!r}.{did_you_mean(part, known)}",
                )
                for part in empty
            ],
        )
    return [name for name in ours if _is_in(name, parts)]


def _list_changes(
    stored: StoredWeights, start: WarmStart, model_config: Mapping[str, Any]
) -> list[Problem]:
    """List the keys of the config that make another network."""
    then = start.model_config or stored.model_config
    if then is None:
        return []
    changes = architecture_changes(then, model_config, whole=start.parts is None)
    return [
        Problem(f"model_config.{one.path}", f"was {one.old} there, is {one.new} here")
        for one in changes
    ]


def _find_labels(
    stored: StoredWeights,
    start: WarmStart,
    model_config: Mapping[str, Any],
    wanted: Sequence[str],
) -> _Fit:
    """Find the wanted weights that belong to labels, if the labels are not the same.

    A weight does if it is of a head, or if it has, outside an encoder, as many rows as there were
    labels: rows of the same number would change places unseen.
    """
    known = (start.model_config or {}).get("label_names") or stored.label_names
    then, now = list_labels(known), list_labels(model_config.get("label_names"))
    if then is None or now is None or then == now:
        return _Fit({}, [])
    sizes, there = {len(labels) for labels in then}, stored.tensors
    bound = {
        name: there[name]
        for name in wanted
        if name in there and _knows_labels(name, there[name], sizes)
    }
    if not bound and start.parts is not None:
        return _Fit({}, [])
    was, is_ = ("; ".join(excerpt(one, 20) for one in labels) for labels in (then, now))
    problem = Problem("model_config.label_names", f"was {was} there, is {is_} here")
    if not bound:
        hint = Problem(
            "warm_start_config.parts", "must name parts without labels, since no head can be told"
        )
        raise _refusal(start, [problem, hint])
    return _Fit(bound, [problem])


def _match(
    ours: Mapping[str, Tensor],
    wanted: Sequence[str],
    stored: StoredWeights,
    start: WarmStart,
    bound: Mapping[str, Tensor],
    aside: Sequence[str],
) -> _Fit:
    """Take every weight that is there in its shape; list all others."""
    taken: dict[str, Tensor] = {}
    problems = []
    for name in wanted:
        there, shape = stored.tensors.get(name), tuple(ours[name].shape)
        if there is None:
            problems.append(Problem(name, "is not there"))
        elif tuple(there.shape) != shape:
            problems.append(
                Problem(name, f"has the shape {tuple(there.shape)} there, {shape} here")
            )
        elif name in bound:
            problems.append(Problem(name, "belongs to other labels there"))
        else:
            taken[name] = there
    for name in stored.tensors:
        outside = start.parts is not None and not _is_in(name, start.parts)
        is_state = name.rpartition(".")[2] == _STATE or _is_in(name, aside)
        if name not in ours and not outside and not is_state:
            problems.append(Problem(name, "is there alone, not here"))
    return _Fit(taken, problems)


def _knows_labels(name: str, weight: Tensor, sizes: Iterable[int]) -> bool:
    words = name.split(".")
    # Layers of torch have a row for each output; what a parameter of one's own has is not known.
    shape = weight.shape[:1] if words[-1] in ("weight", "bias") else weight.shape
    return "heads" in words or ("encoder" not in words and bool(set(sizes) & set(shape)))


def _is_in(name: str, parts: Sequence[str]) -> bool:
    """Whether a name begins with one of the parts, which may leave ``network`` out."""
    short = name.removeprefix("network.")
    return any(one == part or one.startswith(f"{part}.") for part in parts for one in (name, short))


def _refusal(start: WarmStart, problems: Sequence[Problem]) -> ConfigError:
    return ConfigError(
        f"A fit that begins with {start.path} needs the network that it is from, but they differ. "
        "Make them alike, take a part that is the same (warm_start_config.parts: [encoder]), or "
        "let what differs begin at random (warm_start_config.allow_differences: true).",
        first_problems(problems, _SHOWN),
    )
