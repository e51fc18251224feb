"""A value of a run by its name: a metric, a field of its record, or a dotted key of its config."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.errors import UserError
from dsf.core.suggestions import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from dsf.core.history.run_summary import RunSummary

__all__ = ["FIELDS", "check_known", "find_value", "known_metrics"]

_SHOWN = 12

FIELDS = (
    *("version", "created", "project", "task", "status", "step", "verdict", "existing"),
    *("seconds", "commit", "seed", "data", "name", "description", "dsf_version"),
)
"""Names of what a run has beside metrics and config."""


def find_value(run: RunSummary, name: str) -> Any:
    """Give a value of a run; ``None`` if it has none.

    Args:
        run: The run.
        name: A metric, one of :data:`FIELDS`, ``tags.NAME``, ``versions.PACKAGE``, or a dotted key
            of the config (``model_config.learning_rate``); the first of these that is there counts.
    """
    if name in run.scores:
        return run.scores[name].value
    if name in FIELDS:
        return _field(run, name)
    section, _, rest = name.partition(".")
    if section == "tags":
        return run.tags.get(rest)
    if section == "versions":
        return run.record.versions.get(rest) if run.record else None
    return _lookup(run.config, name)


def known_metrics(runs: Iterable[RunSummary]) -> list[str]:
    """List the metrics that any of the runs has, in their order."""
    return list(dict.fromkeys(name for run in runs for name in run.scores))


def check_known(
    names: Iterable[str], runs: Sequence[RunSummary], what: str, others: Sequence[str] = ()
) -> None:
    """Refuse names that none of the runs has.

    Args:
        names: What was asked for.
        runs: The runs that there are; without any, every name is taken.
        what: Where the names were given, ``--where`` say.
        others: Names that are right there beside those of values.

    Raises:
        UserError: If there are such names; says for each what there is.
    """
    unknown = [
        name
        for name in dict.fromkeys(names)
        if runs and name not in others and not _is_known(name, runs)
    ]
    if not unknown:
        return
    metrics = known_metrics(runs)
    keys = list(dict.fromkeys(key for run in runs for key in _keys(run.config)))
    fields = list(dict.fromkeys([*others, *FIELDS]))
    plain = [*metrics, *fields, *keys]
    lines = [f"{what} {name!r}: no run has it.{_suggest(name, plain, keys)}" for name in unknown]
    lines.append(
        f"It must be a metric ({_few(metrics)}), one of {', '.join(fields)}, tags.NAME, "
        "versions.PACKAGE, or a dotted key of the config (model_config.learning_rate)."
    )
    raise UserError("\n".join(lines))


def _is_known(name: str, runs: Sequence[RunSummary]) -> bool:
    if name in FIELDS:
        return True
    return any(find_value(run, name) is not None for run in runs) or any(
        name in set(_keys(run.config)) for run in runs
    )


def _suggest(name: str, known: Sequence[str], keys: Sequence[str]) -> str:
    """Suggest a key whose last part is the name, or any known name that is spelled nearly so."""
    whole = next((key for key in keys if key.endswith(f".{name}")), None)
    return f" Did you mean {whole!r}?" if whole else did_you_mean(name, known)


def _few(names: Sequence[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (", …" if len(names) > _SHOWN else "") or "none here"


def _field(run: RunSummary, name: str) -> Any:
    record = run.record
    if name in ("version", "status", "step", "verdict", "seconds", "name", "description"):
        return getattr(run, name) or None
    if name == "existing":
        score = run.existing.get(run.main_metric or "")
        return score.value if score else None
    if record is None:
        return None
    if name == "commit":
        return (record.git or {}).get("commit")
    return getattr(record, "data_hash" if name == "data" else name) or None


def _lookup(tree: Any, name: str) -> Any:
    """Follow a dotted path; keys may hold dots of their own, so the longest that fits is tried."""
    if isinstance(tree, dict):
        if name in tree:
            return tree[name]
        heads = [key for key in tree if isinstance(key, str) and name.startswith(f"{key}.")]
        for key in sorted(heads, key=len, reverse=True):
            if (found := _lookup(tree[key], name[len(key) + 1 :])) is not None:
                return found
    if isinstance(tree, list):
        index, _, rest = name.partition(".")
        if index.isdigit() and int(index) < len(tree):
            return _lookup(tree[int(index)], rest) if rest else tree[int(index)]
    return None


def _keys(tree: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    for key, value in tree.items():
        yield f"{prefix}{key}"
        if isinstance(value, dict):
            yield from _keys(value, f"{prefix}{key}.")
