"""The report as text, and the model card, of runs of every kind."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from huggingface_hub import ModelCard

from dsf.core.errors import RunNotFoundError
from dsf.report import write_model_card, write_text_report

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

KINDS = ["two", "several", "outputs", "entities"]


def read(run: Path, file: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((run / file).read_text(encoding="utf-8"))
    return content


@pytest.fixture
def text_of(tmp_path: Path) -> Callable[[Path], str]:
    """Write the report of a run as text."""
    return lambda run: write_text_report(run, tmp_path / "report.txt").read_text(encoding="utf-8")


@pytest.fixture
def card_of(tmp_path: Path) -> Callable[[Path], Any]:
    """Write the model card of a run, and read it as the Hub does."""
    return lambda run: ModelCard.load(write_model_card(run, tmp_path / "model_card.md"))


@pytest.mark.parametrize("kind", KINDS)
def test_the_text_is_80_columns_wide_and_begins_with_the_verdict(
    example: Callable[..., Path], text_of: Callable[[Path], str], kind: str
) -> None:
    run = example(kind, rows=120)
    lines = text_of(run).splitlines()
    assert max(map(len, lines)) <= 80
    verdict = read(run, "5_compare/comparison.json")["verdict"]
    assert lines[3] == f"VERDICT: {verdict['verdict'].upper()}"
    assert verdict["reason"] in " ".join(lines)


def test_the_text_has_the_numbers_of_every_part(
    example: Callable[..., Path], text_of: Callable[[Path], str]
) -> None:
    run = example("ten", rows=120)
    text = text_of(run)
    comparison = read(run, "5_compare/comparison.json")
    for metric, cell in comparison["differences"].items():
        (line,) = [line for line in text.splitlines() if line.split(" ")[0] == metric]
        assert f"{cell['difference']:+.4f}" in line
        lower, upper = (round(cell[end], 3) + 0.0 for end in ("lower", "upper"))  # no -0.0
        assert f"{lower:+.3f}..{upper:+.3f}" in line
        assert line.endswith(cell["verdict"])
    for one in comparison["slices"]:
        assert any(line.startswith(f"  {one['value']} ") for line in text.splitlines())
    labels = text.split("LABELS: THE WORST 10 OF 10 BY F1")[1].split("\n\n")[0].splitlines()
    scores = [float(line.split()[2]) for line in labels[3:]]
    assert scores == sorted(scores)
    assert len(scores) == 10
    assert "3 rows of test (2.5%) have nearly the same text as rows of train." in text
    assert "log_loss (-)" in text
    assert "(-) less is better" in text


def test_without_an_existing_model_each_number_has_its_own_interval(
    example: Callable[..., Path], text_of: Callable[[Path], str], card_of: Callable[[Path], Any]
) -> None:
    run = example("several", rows=120, existing=False)
    text, found = text_of(run), read(run, "3_test/metrics.json")
    ends = found["intervals"]["f1"]
    assert f"{found['f1']:.4f}  {ends['lower']:.3f}..{ends['upper']:.3f}" in text
    assert "VERDICT" not in text
    assert "existing" not in card_of(run).text.lower().split("## limits")[0]


@pytest.mark.parametrize("kind", KINDS)
def test_the_hub_reads_the_results_out_of_the_card(
    example: Callable[..., Path], card_of: Callable[[Path], Any], kind: str
) -> None:
    run = example(kind, rows=120)
    card = card_of(run)
    results = {one.metric_type: one.metric_value for one in card.data.eval_results}
    comparison = read(run, "5_compare/comparison.json")["metrics"]
    assert results == {name: sides["trained"] for name, sides in comparison.items()}
    assert card.data.model_name == "Support-mails-v7"
    assert {one.dataset_split for one in card.data.eval_results} == {"test"}
    assert card.data.tags == ["dsf", card.data.pipeline_tag]
    assert "language" not in card.data.to_dict()


def test_the_card_has_its_sections_and_the_audit(
    example: Callable[..., Path], card_of: Callable[[Path], Any]
) -> None:
    text = card_of(example("ten", rows=120)).text
    headings = [line for line in text.splitlines() if line.startswith("## ")]
    assert headings == [
        *["## Intended use", "## Training data", "## Training", "## Results", "## Limits"]
    ]
    assert "have nearly the same text as rows of train" in text
    assert "randomness of training" in text
    tables = [line for line in text.splitlines() if line.startswith("|")]
    assert any(line.startswith("| Accuracy | 0.") and " to " in line for line in tables)


def test_a_name_cannot_break_the_card(
    example: Callable[..., Path], card_of: Callable[[Path], Any], tmp_path: Path
) -> None:
    run = shutil.copytree(example("two", rows=120), tmp_path / "v8")
    record = read(run, "run.json") | {"project": "a: [b] | <i>\n---\n# c", "task": "`x` *y*"}
    (run / "run.json").write_text(json.dumps(record), encoding="utf-8")
    config = yaml.safe_dump({"dataset_config": {"text_column": "text", "language": "de"}})
    (run / "config.yaml").write_text(config, encoding="utf-8")
    card = card_of(run)
    assert card.data.model_name == "a-b-i-----c-v8"
    assert card.data.language == "de"
    assert "# a: \\[b\\] \\| \\<i\\> --- \\# c v8" in card.text
    assert "\\`x\\` \\*y\\*" in card.text


@pytest.mark.parametrize("write", [write_text_report, write_model_card])
def test_a_run_that_was_not_tested_is_refused(tmp_path: Path, write: Any) -> None:
    with pytest.raises(RunNotFoundError, match=r"no 3_test/metrics\.json"):
        write(tmp_path, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []
