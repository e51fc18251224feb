"""The report as text, and the model card, of runs of every kind."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from huggingface_hub import ModelCard
from hypothesis import given
from hypothesis import strategies as st

from dsf.core.errors import RunNotFoundError
from dsf.report import write_model_card, write_text_report
from dsf.report.text_table import text_table

if TYPE_CHECKING:
    from collections.abc import Callable

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
    scores = [float(re.sub(r" \* ", "  ", line).split()[2]) for line in labels[3:-1]]
    assert scores == sorted(scores)
    assert len(scores) == 10
    told = "3 rows of test (2.5 %) have nearly the same text as rows of train."
    assert told in " ".join(text.split())
    assert "log_loss (-)" in text
    assert "(-) less is better" in text


def test_what_validation_rows_settled_is_told_in_both(
    example: Callable[..., Path],
    text_of: Callable[[Path], str],
    card_of: Callable[[Path], Any],
    tmp_path: Path,
) -> None:
    run = Path(shutil.copytree(example("several", rows=120), tmp_path / "v7"))
    (run / "2_fit").mkdir(exist_ok=True)
    settled = {"method": "isotonic", "validation_rows": 60}
    (run / "2_fit" / "calibration.json").write_text(json.dumps(settled), encoding="utf-8")
    (run / "2_fit" / "noisy_labels.csv").write_text("row_id,text\n4,late\n", encoding="utf-8")
    with (run / "config.yaml").open("a", encoding="utf-8") as file:
        file.write("\nmodel_config: {encoder: 'package:words/model'}\n")
    told = "Probabilities were calibrated (isotonic) on 60 validation rows."
    text = " ".join(text_of(run).split())
    assert told in text
    assert "1 label of validation rows looks doubtful" in text
    card = " ".join(card_of(run).text.split())
    assert told in card
    assert "Fine-tuned from `package:words/model`." in card


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


def test_no_word_of_a_run_is_markup_in_its_card(
    example: Callable[..., Path], card_of: Callable[[Path], Any], tmp_path: Path
) -> None:
    run = shutil.copytree(example("two", rows=120), tmp_path / "v8")
    evil = "$x$ &lt;img&gt; <b>"
    for file, change in {
        "5_compare/comparison.json": lambda c: (
            c["verdict"].update(reason=evil, verdict=evil),
            c.update(notes=[evil], covers=evil),
        ),
        "1_split/split.json": lambda c: (
            c.update(strategy=evil),
            c["audit"]["findings"][0].update({"parts": [evil, "test"], f"{evil}_rows": 4}),
        ),
    }.items():
        content = read(run, file)
        change(content)
        (run / file).write_text(json.dumps(content), encoding="utf-8")
    text = card_of(run).text
    assert text.count("\\$x\\$ \\&lt;img\\&gt; \\<b\\>") == 6
    assert not re.search(r"(?<!\\)[$&<]", text)


REASON = "the rows of label 3 are all of one class, so that no curve can be drawn for it at all"


class TestWidth:
    """Nothing that a run may say breaks the 80 columns, and nothing is lost for them."""

    @pytest.fixture
    def changed(self, example: Callable[..., Path], tmp_path: Path) -> Callable[..., Path]:
        def change(kind: str, existing: bool = True, **files: Any) -> Path:
            source = example(kind, rows=120, existing=existing)
            run = Path(shutil.copytree(source, tmp_path / "v8"))
            for name, change_content in files.items():
                (path,) = run.glob(f"*{name}.json") if name == "run" else run.glob(f"*/{name}.json")
                content = json.loads(path.read_text("utf-8"))
                change_content(content)
                path.write_text(json.dumps(content), encoding="utf-8")
            return run

        return change

    def test_a_metric_without_a_number_has_its_reason_below(
        self, changed: Any, text_of: Callable[[Path], str]
    ) -> None:
        def drop(content: dict[str, Any]) -> None:
            for part in ("metrics", "differences"):
                del content[part]["roc_auc"]
            content["undefined"] = {"roc_auc": REASON}
            content["metrics"]["f1"]["trained"] = float("nan")

        text = text_of(changed("two", comparison=drop))
        assert f"No roc_auc: {REASON}." in " ".join(text.split())
        assert "No f1: the comparison has no number of the trained model." in " ".join(text.split())
        assert "nan" not in text.replace("finance", "")
        assert max(map(len, text.splitlines())) <= 80

    def test_so_it_has_without_an_existing_model(
        self, example: Callable[..., Path], text_of: Callable[[Path], str], tmp_path: Path
    ) -> None:
        run = shutil.copytree(example("several", rows=120, existing=False), tmp_path / "v8")
        metrics = read(run, "3_test/metrics.json") | {"undefined": {"own": REASON}}
        (run / "3_test/metrics.json").write_text(json.dumps(metrics), encoding="utf-8")
        text = text_of(run)
        assert f"No own: {REASON}." in " ".join(text.split())
        assert max(map(len, text.splitlines())) <= 80
        for name in metrics["intervals"]:
            assert any(line.startswith(name) for line in text.splitlines())

    def test_long_names_stay_whole_and_huge_numbers_have_room(
        self, changed: Any, text_of: Callable[[Path], str]
    ) -> None:
        name = "expected_cost_of_a_wrong_answer_per_customer"
        cell = {"difference": -3e9, "lower": -4e9, "upper": 1e9, "verdict": "undecided"}

        def add(content: dict[str, Any]) -> None:
            content["metrics"][name] = {"trained": 1e9, "eval": 4e9}
            content["differences"][name] = {**cell, "p_holm": 0.5}

        def rename(content: dict[str, Any]) -> None:
            content["project"] = "two\nlines " + 30 * "and more "

        text = text_of(changed("two", comparison=add, run=rename))
        assert max(map(len, text.splitlines())) <= 80
        assert name in text.splitlines()
        assert "-3e+09" in text
        head = text.split("\n\n")[0].splitlines()
        assert head[0].startswith("two lines and more")
        assert head[-1].startswith("started 2026")

    @given(
        st.lists(
            st.tuples(
                st.text(st.characters(codec="ascii"), max_size=120),
                *[st.text("0123456789.+-", max_size=26)] * 4,
            ),
            max_size=6,
        )
    )
    def test_a_table_of_anything_fits_and_keeps_every_number(self, rows: Any) -> None:
        lines = text_table(("name", "a", "b", "", "c"), rows)
        assert max(map(len, lines), default=0) <= 80
        words = " ".join(lines).split()
        for row in rows:
            assert set(row[1:]) - {""} <= set(words)


@pytest.mark.parametrize("write", [write_text_report, write_model_card])
def test_a_run_that_was_not_tested_is_refused(tmp_path: Path, write: Any) -> None:
    with pytest.raises(RunNotFoundError, match=r"no 3_test/metrics\.json"):
        write(tmp_path, tmp_path / "out")
    assert list(tmp_path.iterdir()) == []
