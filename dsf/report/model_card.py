"""``model_card.md``: what a model is and what it earned, in the format of the Hugging Face Hub."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from dsf.report.numbers import as_title
from dsf.report.run_contents import read_run
from dsf.report.sections import (
    data_view,
    decision_view,
    label_groups,
    metric_rows,
    nominal_percent,
    slice_rows,
    verdict_view,
)
from dsf.report.templating import make_environment, write_page
from dsf.report.wording import FEW_TIMES

if TYPE_CHECKING:
    from pathlib import Path

    from dsf.report.run_contents import RunContents
    from dsf.report.sections.metric_rows import MetricRow

__all__ = ["write_model_card"]

_WORST_LABELS = 10


def write_model_card(run_dir: Path, out: Path, comparison: Path | None = None) -> Path:
    """Write the model card of a run: metadata that the Hub reads, and text for people.

    What only people know (whom the model is for, what it must not decide) is left for them to
    write, and marked.

    Source: https://huggingface.co/docs/hub/model-cards and, for ``model-index``,
    https://github.com/huggingface/hub-docs/blob/main/modelcard.md.

    Args:
        run_dir: The run, tested at least.
        out: The file to write, whole or not at all.
        comparison: The ``comparison.json`` to use; ``None``: the run's own.

    Returns:
        ``out``.

    Raises:
        RunNotFoundError: If ``run.json`` or ``3_test/metrics.json`` is missing; names all missing.
        RunError: If a file of the run cannot be read, or is not as it must be; names it and the
            keys.
        StorageError: If the disk is full, read-only or not ours.
    """
    contents = read_run(run_dir, comparison, answers=False)
    rows = metric_rows(contents)
    front = yaml.safe_dump(_metadata(contents, rows), sort_keys=False, allow_unicode=True)
    text = (
        make_environment(html=False).get_template("model_card.md.j2").render(_view(contents, rows))
    )
    card = f"---\n{front}---\n\n{text}"
    return write_page(out, card)


def _metadata(contents: RunContents, rows: list[MetricRow]) -> dict[str, Any]:
    """Gather what the Hub reads; a language only if the config names one."""
    task = _task(contents)
    project = contents.record.project or "private"
    slug = re.sub(r"[^\w.-]+", "-", project).strip("-")
    scored = [row for row in rows if row.trained is not None]
    metrics = [
        {"type": row.metric, "value": row.trained.value, "name": as_title(row.metric)}
        for row in scored
        if row.trained is not None
    ]
    dataset = {"type": slug or "private", "name": project, "split": "test"}
    language = contents.section("dataset_config").get("language")
    return {
        **({"language": language} if language else {}),
        "library_name": "dsf",
        "pipeline_tag": task,
        "tags": ["dsf", task],
        "metrics": [row.metric for row in scored],
        "model-index": [
            {
                "name": f"{slug or 'run'}-{contents.version}",
                "results": [
                    {
                        "task": {"type": task, "name": contents.record.task or task},
                        "dataset": dataset,
                        "metrics": metrics,
                    }
                ],
            }
        ],
    }


def _view(contents: RunContents, rows: list[MetricRow]) -> dict[str, Any]:
    return {
        "record": contents.record,
        "version": contents.version,
        "task": _task(contents).replace("-", " "),
        "rows": rows,
        "compared": any(row.existing for row in rows),
        "differences": any(row.difference for row in rows),
        "verdict": verdict_view(contents, rows),
        "percent": nominal_percent(
            contents.comparison.get("bootstrap"), contents.trained.get("bootstrap")
        ),
        "slices": slice_rows(contents.comparison),
        "groups": label_groups(contents),
        "worst": _WORST_LABELS,
        "few_times": FEW_TIMES,
        "data": data_view(contents.split),
        "fit": contents.fit or {},
        "encoder": contents.section("model_config").get("encoder"),
        "settled": (decision_view(contents) or {}).get("sentences", ()),
    }


def _task(contents: RunContents) -> str:
    """Name the task as the Hub does.

    Source: https://huggingface.co/tasks.
    """
    section = contents.section("dataset_config")
    if section.get("label_kind") == "tags":
        return "token-classification"
    return "text-classification" if section.get("text_column") else "tabular-classification"
