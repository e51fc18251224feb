"""What the page says of a run is what the run's files say."""

from __future__ import annotations

import csv
import json
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from dsf.core.prediction_kinds import read_predictions
from dsf.core.predictions import Predictions
from dsf.report import write_report
from dsf.report.sections.answer_differences import find_differences
from dsf.report.sections.answers_in_words import tell_answers, truth_gaps

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

WORDS = {
    "better": "The trained model is better than the existing one.",
    "not worse": "The trained model is not worse than the existing one by more than 0.01.",
    "undecided": "These rows do not tell which of the two models is better.",
    "worse": "The trained model is worse than the existing one.",
}


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture
def page_of(read_page: Callable[[str], Any]) -> Callable[[Path], Any]:
    """Read the report that an example has."""
    return lambda run: read_page((run / "5_compare/report.html").read_text(encoding="utf-8"))


@pytest.fixture
def copy_of(example: Callable[..., Path], tmp_path: Path) -> Callable[[str], Path]:
    """Copy an example to change it."""
    return lambda kind: shutil.copytree(example(kind, rows=120), tmp_path / "v7")


@pytest.mark.parametrize("word", WORDS)
def test_the_verdict_is_the_first_thing_with_its_sentence_and_what_it_covers(
    copy_of: Callable[[str], Path], page_of: Callable[[Path], Any], word: str
) -> None:
    run = copy_of("two")
    path = run / "5_compare/comparison.json"
    comparison = read(path)
    comparison["verdict"] |= {"verdict": word, "reason": "So it is.", "passed": False}
    path.write_text(json.dumps(comparison), encoding="utf-8")
    write_report(run, run / "5_compare/report.html")
    page = page_of(run)
    assert page.texts("h2")[0].endswith(f" {word.capitalize()}")
    said = page.texts("p")
    assert WORDS[word] in said
    assert "So it is. It had to be better to pass, and that is not shown." in said
    assert any(comparison["covers"] in text for text in said)


def test_each_metric_has_its_interval_its_difference_and_its_test(
    example: Callable[..., Path], page_of: Callable[[Path], Any]
) -> None:
    run = example("ten", rows=120)
    rows = {row[0].split()[0].lower(): row for row in page_of(run).table("same test rows")}
    metrics = read(run / "3_test/metrics.json")
    found = read(run / "5_compare/comparison.json")["differences"]["accuracy"]
    ends = metrics["intervals"]["accuracy"]
    accuracy = rows["accuracy"]
    assert accuracy[1] == f"{metrics['accuracy']:.4f}{ends['lower']:.4f} to {ends['upper']:.4f}"
    assert accuracy[3].startswith(f"{found['difference']:+.4f} {found['verdict']}")
    assert accuracy[4] == ("< 0.001" if found["p_holm"] < 0.001 else f"{found['p_holm']:.3f}")
    assert rows["log"][0] == "Log loss less is better"
    drawn = [e.attributes["aria-label"] for e in page_of(run).find("svg") if "mark" in e.classes
             and "aria-label" in e.attributes]  # fmt: skip
    assert sum(text.startswith("accuracy: ") for text in drawn) == 3


def test_slices_and_labels_have_a_row_each(
    example: Callable[..., Path], page_of: Callable[[Path], Any]
) -> None:
    run = example("ten", rows=120)
    page, slices = page_of(run), read(run / "5_compare/comparison.json")["slices"]
    shown = [row for row in page.table("Parts of the test rows") if len(row) > 1][1:]
    assert [row[:2] for row in shown] == [[one["value"], str(one["rows"])] for one in slices]
    labels = page.table("F1 of each label")[1:]
    assert len(labels) == 10
    assert sorted(row[2][:6] for row in labels) == [row[2][:6] for row in labels]


@pytest.mark.parametrize("kind", ["ten", "several", "outputs", "entities", "tags"])
def test_the_rows_that_differ_are_ranked_and_told(
    example: Callable[..., Path], page_of: Callable[[Path], Any], kind: str
) -> None:
    run = example(kind, rows=120)
    page = page_of(run)
    rows = page.table("rows on which the models differ")[1:]
    gaps = [abs(float(row[-1].replace("\N{MINUS SIGN}", "-"))) for row in rows]
    assert gaps == sorted(gaps, reverse=True)
    counts = [int(count) for count in page.table("which model got all of a row right")[1]]
    assert sum(counts) == 120
    sides = [e.attributes["data-right"] for e in page.find("tr") if "data-right" in e.attributes]
    assert sides.count("trained") == counts[1]
    assert sides.count("existing") == counts[2]
    for side, row in zip(sides, rows, strict=True):
        assert ("✓ right" in row[3]) == (side in ("trained", "both"))
        assert ("✓ right" in row[4]) == (side in ("existing", "both"))


@pytest.mark.parametrize("kind", ["two", "ten", "several", "outputs", "entities", "tags"])
def test_it_is_said_when_models_differ_and_on_how_many_rows(
    example: Callable[..., Path], page_of: Callable[[Path], Any], kind: str
) -> None:
    run = example(kind, rows=120)
    (caption,) = [text for text in page_of(run).texts("caption") if "models differ" in text]
    sides = [read_predictions(run / step / "predictions.parquet") for step in ("3_test", "4_eval")]
    said = [[one.answer for one in tell_answers(side, range(120))] for side in sides]
    apart = [a != b for a, b in zip(*said, strict=True)]
    assert find_differences(*sides).tolist() == apart
    gaps = truth_gaps(*sides)
    assert gaps is not None
    differ = [one or abs(gap) >= 0.1 for one, gap in zip(apart, gaps, strict=True)]
    assert 0 < sum(differ) < 120
    assert f" of {sum(differ)} rows on which the models differ. The answers differ, or " in caption


def test_the_picture_of_reliability_gives_no_number_beside_the_metric(
    example: Callable[..., Path], page_of: Callable[[Path], Any]
) -> None:
    page = page_of(example("ten", rows=120))
    (told,) = [text for text in page.texts("figcaption") if "dotted line" in text]
    assert not re.search(r"\d", told)
    (picture,) = [e for e in page.figures() if e.attributes["aria-label"].startswith("Reliab")]
    assert not re.search(r"(trained|existing): \d", picture.text)


def test_a_row_has_its_own_text_truth_and_gap(
    example: Callable[..., Path], page_of: Callable[[Path], Any]
) -> None:
    run = example("ten", rows=120)
    first = page_of(run).table("rows on which the models differ")[1]
    sides = [read_predictions(run / step / "predictions.parquet") for step in ("3_test", "4_eval")]
    place = sides[0].row_ids.tolist().index(int(first[0]))
    truth = sides[0].targets[place]
    column = list(sides[0].labels).index(truth)
    gap = sides[0].probabilities[place, column] - sides[1].probabilities[place, column]
    assert first[2] == truth
    assert float(first[5].replace("\N{MINUS SIGN}", "-")) == pytest.approx(gap, abs=0.006)
    assert first[3].split()[0] == sides[0].predictions[place]
    assert first[1].endswith("<b>")


def test_models_without_probabilities_have_rows_but_no_gaps_and_no_curves(
    copy_of: Callable[[str], Path], page_of: Callable[[Path], Any]
) -> None:
    run = copy_of("ten")
    for step in ("3_test", "4_eval"):
        one = read_predictions(run / step / "predictions.parquet")
        bare = Predictions(one.row_ids, one.targets, one.predictions, one.labels)
        bare.write(run / step / "predictions.parquet")
    (run / "3_test/rows.parquet").unlink()
    write_report(run, run / "5_compare/report.html")
    page = page_of(run)
    assert "Curves" not in page.texts("h2")
    head, *rows = page.table("rows on which the models differ")
    assert head == ["Row", "Truth", "Trained", "Existing"]
    right = [("✓" in row[2]) != ("✓" in row[3]) for row in rows]
    assert right == sorted(right, reverse=True)
    assert any("The texts are not part of this run." in text for text in page.texts("caption"))


def test_the_same_model_twice_differs_nowhere(
    copy_of: Callable[[str], Path], page_of: Callable[[Path], Any]
) -> None:
    run = copy_of("several")
    shutil.copy(run / "3_test/predictions.parquet", run / "4_eval/predictions.parquet")
    write_report(run, run / "5_compare/report.html")
    page = page_of(run)
    assert "They gave the same answers to all rows." in page.texts("p")
    assert not page.find("script")


def test_broken_answers_cost_their_sections_alone(
    copy_of: Callable[[str], Path], page_of: Callable[[Path], Any], caplog: Any
) -> None:
    run = copy_of("ten")
    (run / "4_eval/predictions.parquet").write_bytes(b"no table")
    (run / "3_test/rows.parquet").write_bytes(b"no table")
    write_report(run, run / "5_compare/report.html")
    headings = page_of(run).texts("h2")
    assert "Curves" in headings
    assert "Where the models differ" not in headings
    assert "4_eval/predictions.parquet" in caplog.text
    assert "rows.parquet" in caplog.text


def test_what_validation_rows_settled_is_told(
    copy_of: Callable[[str], Path], page_of: Callable[[Path], Any]
) -> None:
    run = copy_of("several")
    thresholds = {"thresholds": {"toxic": 0.41}, "metric": "f1", "search": "exact"}
    thresholds |= {"validation_rows": 90, "rows_with_label": {"toxic": 12}}
    abstain = {"confidence": 0.7, "wish": "risk", "wished": 0.05, "rows": 90}
    measured = {"rows": 120, "answered": 80, "errors": 3, "coverage": 0.67, "risk": 0.04}
    files = {
        "2_fit/thresholds.json": thresholds,
        "2_fit/calibration.json": {"method": "temperature", "validation_rows": 90},
        "2_fit/abstain.json": abstain,
        "3_test/abstain.json": {**abstain, "test": measured},
    }
    for name, content in files.items():
        (run / name).write_text(json.dumps(content), encoding="utf-8")
    with (run / "2_fit/noisy_labels.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["row_id", "text", "suggested_probability"])
        writer.writerows([[number, "two\nlines <b>", 0.98765432] for number in range(60)])
    write_report(run, run / "5_compare/report.html")
    page = page_of(run)
    said = page.texts("p")
    assert "Probabilities were calibrated (temperature) on 90 validation rows." in said
    assert "Thresholds were chosen on 90 validation rows, by F1." in said
    assert any(text.endswith("Of 120 test rows it answers 80, 3 of them wrongly.") for text in said)
    assert page.table("above its threshold")[1] == ["toxic", "0.41", "12"]
    doubtful = page.table("that the model doubts most")
    assert doubtful[1] == ["0", "two lines <b>", "0.98765"]
    assert len(doubtful) == 51


@pytest.mark.parametrize("kind", ["many", "several"])
def test_the_page_stays_small_and_its_pictures_few(example: Callable[..., Path], kind: str) -> None:
    page = (example(kind, rows=120) / "5_compare/report.html").read_text(encoding="utf-8")
    assert len(page.encode("utf-8")) < 1_500_000
    assert page.count("<figure>") <= 4 + 12


def test_no_more_than_three_hundred_rows_are_embedded_from_both_sides(
    example: Callable[..., Path], page_of: Callable[[Path], Any]
) -> None:
    run = example("two", rows=1500, gain=-2.0)
    page = page_of(run)
    sides = [e.attributes["data-right"] for e in page.find("tr") if "data-right" in e.attributes]
    assert len(sides) == 300
    gaps = [row[-1] for row in page.table("rows on which the models differ")[1:]]
    assert sum(gap.startswith("+") for gap in gaps) == pytest.approx(150, abs=60)
    (caption,) = [text for text in page.texts("caption") if "models differ" in text]
    total = int(re.search(r"300 of (\d+) rows", caption)[1])  # type: ignore[index]
    assert 300 < total <= 1500
