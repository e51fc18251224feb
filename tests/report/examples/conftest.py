"""Runs of every kind with made-up answers, scored and compared by the real thing."""

from __future__ import annotations

import json
import os
import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from dsf.core.multi_output_predictions import MultiOutputPredictions
from dsf.core.multilabel_predictions import MultiLabelPredictions
from dsf.core.predictions import Predictions
from dsf.core.tag_predictions import TagPredictions
from dsf.metrics import Bootstrap, compare_predictions, score_predictions
from dsf.report import confusion_matrix_figure, learning_curve_figure, write_report
from dsf.report.figures import render_svg
from dsf.report.picture_names import output_matrix

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

WORDS = ["parcel", "never", "came", "back", "after", "my", "call", "refund", "and", "order"]
NAMES = ["Ada Lovelace", "Alan Turing", "Grace Hopper", "Kurt Gödel", "Emmy Noether"]
CITIES = ["Paris", "Zürich", "New Delhi", "São Paulo", "北京"]
COUNTED = {"accuracy": True, "precision": True, "recall": True, "f1": True}
SCORED = COUNTED | {"roc_auc": True, "average_precision": True, "log_loss": True}
METRICS: dict[str, dict[str, Any]] = {
    "two": SCORED | {"mcc": True, "confusion_matrix": True},
    "ten": SCORED | {"confusion_matrix": True},
    "many": SCORED | {"confusion_matrix": True},
    "several": SCORED | {"hamming_loss": True, "confusion_matrix": True},
    "outputs": SCORED | {"confusion_matrix": True},
    "entities": COUNTED | {"partial_f1": True, "confusion_matrix": True},
    "tags": COUNTED | {"confusion_matrix": True},
}
BOOTSTRAP = Bootstrap(n_iterations=40)


def probabilities(rng: Any, truth: Any, labels: int, skill: float) -> Any:
    """Probabilities of a model that leans to the truth the more skill it has."""
    logits = rng.normal(size=(len(truth), labels))
    logits[np.arange(len(truth)), truth] += skill
    odds = np.exp(1.6 * logits)
    return odds / odds.sum(axis=1, keepdims=True)


def one_label(rng: Any, ids: Any, names: list[Any], skill: float, truth: Any) -> Predictions:
    targets = np.asarray(names)[truth]
    found = probabilities(rng, truth, len(names), skill)
    return Predictions.from_probabilities(ids, targets, found, names)


def several_labels(rng: Any, ids: Any, truth: Any, skill: float) -> MultiLabelPredictions:
    names = ["toxic", "severe toxic", "obscene", "threat", "insult", "identity hate"]
    odds = rng.normal(size=truth.shape) - 1.5 + skill * truth
    return MultiLabelPredictions(ids, truth, 1 / (1 + np.exp(-1.7 * odds)), np.full(6, 0.5), names)


def tagger(rng: Any, rows: int, skill: float, scheme: str | None) -> TagPredictions:
    """The same sentences for every seed of the answers; only those differ."""
    made = np.random.default_rng(5)
    texts, starts, tokens, targets, answers, sure = [], [], [], [], [], []
    for _ in range(rows):
        words: list[str] = []
        tags: list[str] = []
        for part in range(3):
            plain = list(made.choice(WORDS, size=made.integers(1, 5)))
            words += plain
            tags += ["O"] * len(plain)
            kind, name = [("person", NAMES), ("city", CITIES), ("day", ["Monday"])][part]
            chosen = str(made.choice(name)).split()
            words += chosen
            tags += [f"{'I' if place else 'B'}-{kind}" for place in range(len(chosen))]
        if scheme is None:
            tags = [{"O": "X"}.get(tag, tag[2:].upper()) for tag in tags]
        known = sorted(set(tags))
        wrong = rng.random(len(tags)) > skill
        got = [str(rng.choice(known)) if bad else tag for tag, bad in zip(tags, wrong, strict=True)]
        tokens.append(words)
        targets.append(tags)
        answers.append(got)
        sure.append((0.5 + 0.5 * rng.random(len(tags)) ** (2 if scheme else 0.5)).tolist())
        texts.append(" ".join(words))
        ends = np.cumsum([len(word) + 1 for word in words])
        starts.append([0, *ends[:-1].tolist()])
    tags = sorted({tag for row in targets for tag in row})
    names = np.arange(rows)
    return TagPredictions(names, texts, starts, tokens, targets, answers, sure, tags, scheme)


def make_answers(kind: str, rows: int, gain: float) -> tuple[Any, Any]:
    """Answers of the trained and of the existing model."""
    rng = np.random.default_rng(3)
    ids = np.arange(rows)
    if kind in ("two", "ten", "many"):
        size = {"two": 2, "ten": 10, "many": 150}[kind]
        names: list[Any] = (
            ["no", "yes"] if size == 2 else [f"intent_{n}_of_it" for n in range(size)]
        )
        truth = np.minimum(rng.geometric(1.6 / size, rows) - 1, size - 1) if size > 2 else ids % 2
        skills = (2.6 + gain, 2.6)
        return tuple(one_label(rng, ids, names, skill, truth) for skill in skills)  # type: ignore[return-value]
    if kind == "several":
        truth = (rng.random((rows, 6)) < [0.3, 0.05, 0.2, 0.02, 0.25, 0.08]).astype(np.int8)
        return tuple(several_labels(rng, ids, truth, skill) for skill in (2.6 + gain, 2.6))  # type: ignore[return-value]
    if kind == "outputs":
        truths = {"topic": rng.integers(0, 4, rows), "urgent": rng.integers(0, 2, rows)}
        names_of = {"topic": ["bill", "login", "delivery", "other"], "urgent": ["no", "yes"]}
        return tuple(  # type: ignore[return-value]
            MultiOutputPredictions(
                {o: one_label(rng, ids, names_of[o], skill, truths[o]) for o in truths}
            )
            for skill in (2.6 + gain, 2.6)
        )
    scheme = "iob2" if kind == "entities" else None
    return tuple(tagger(rng, rows, skill, scheme) for skill in (0.9 + gain / 10, 0.9))  # type: ignore[return-value]


def make_rows(rows: int) -> pd.DataFrame:
    rng = np.random.default_rng(9)
    return pd.DataFrame(
        {
            "row_id": np.arange(rows),
            "text": [
                f"{' '.join(rng.choice(WORDS, rng.integers(4, 20)))} <b>" for _ in range(rows)
            ],
            "language": rng.choice(["de", "en", "日本語"], rows, p=[0.3, 0.6, 0.1]),
            "channel": rng.choice(["mail", "phone & chat"], rows),
        }
    )


def draw_matrices(results: dict[str, Any], predictions: Any, folder: Path) -> None:
    matrix = results.get("confusion_matrix") or {}
    if isinstance(predictions, MultiOutputPredictions):
        for number, (output, one) in enumerate(predictions.outputs.items(), start=1):
            figure = confusion_matrix_figure(_square(matrix[output]), one.labels)
            write_svg(figure, folder / f"{output_matrix(number, output)}.svg")
    elif "matrix" in matrix or "tp" in matrix:
        labels = matrix.get("labels", ["no", "yes"])
        write_svg(confusion_matrix_figure(_square(matrix), labels), folder / "confusion_matrix.svg")


def write_svg(figure: Any, path: Path) -> None:
    """Write the SVG alone: the report reads no other."""
    path.write_text(render_svg(figure), encoding="utf-8")


def _square(counts: dict[str, Any]) -> Any:
    if "matrix" in counts:
        return counts["matrix"]
    return [[counts["tn"], counts["fp"]], [counts["fn"], counts["tp"]]]


def write_json(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")


def write_example(
    folder: Path, kind: str, rows: int = 240, gain: float = 0.6, *, existing: bool = True
) -> Path:
    """Write a whole run of one kind: ``two``, ``ten``, ``many``, ``several``, ``outputs`` ….

    Args:
        folder: Where its folder ``v7`` goes.
        kind: A key of ``METRICS``.
        rows: How many test rows there are.
        gain: How much more skill the trained model has than the existing one.
        existing: Whether there is an existing model.
    """
    run = folder / "v7"
    trained, other = make_answers(kind, rows, gain)
    table = make_rows(rows)
    for step, one in (("3_test", trained), ("4_eval", other)):
        if step == "3_test" or existing:
            results = score_predictions(one, METRICS[kind], bootstrap=BOOTSTRAP)
            write_json(run / step / "metrics.json", results)
            one.write(run / step / "predictions.parquet")
            draw_matrices(results, one, run / step)
    table.to_parquet(run / "3_test/rows.parquet")
    if existing:
        compared = compare_predictions(
            trained,
            other,
            METRICS[kind],
            bootstrap=BOOTSTRAP,
            rows=table,
            slices=("language", "channel", "length"),
            text_column="text",
        )
        write_json(run / "5_compare/comparison.json", compared)
    write_rest(run, kind, trained, rows)
    return run


def write_rest(run: Path, kind: str, trained: Any, rows: int) -> None:
    """Write what does not depend on the answers."""
    started = "2026-03-01T09:30:00+00:00"
    done = {"status": "done", "key": "k", "started": started, "finished": started, "error": ""}
    record = {
        "dsf_version": "0.1.0",
        "created": started,
        "project": "Support mails",
        "task": "text_classification",
        "seed": 42,
        "config_hash": "c0" * 32,
        "data_hash": "da" * 32,
        "git": {"commit": "ab" * 20, "dirty": False},
        "versions": {"python": "3.11.9", "torch": "2.13.0"},
        "steps": {name: {**done, "seconds": 61.5} for name in ("split", "fit", "test")},
    }
    write_json(run / "run.json", record)
    config = f"project: support mails\ndataset_config:\n  text_column: text\n# {kind}\n"
    (run / "config.yaml").write_text(config, encoding="utf-8")
    if isinstance(trained, MultiOutputPredictions):
        names: Any = {name: list(one.labels) for name, one in trained.outputs.items()}
        flat = [f"{name}={label}" for name, labels in names.items() for label in labels]
    else:
        names = flat = list(getattr(trained, "labels", None) or trained.tags)
    example = {"test": {"row_id": 3, "text": "a cat <b>"}, "train": {"row_id": 9, "text": "a cat"}}
    finding = {"kind": "near", "parts": ["train", "test"], "train_rows": 4, "test_rows": 3}
    parts = {"train": 8 * rows, "validation": rows, "test": rows}
    audit = {
        "on_leak": "warn",
        "sizes": parts,
        "checked": {"text": True, "near": True, "groups": False},
        "findings": [{**finding, "examples": [example]}],
    }
    write_json(
        run / "1_split/split.json",
        {
            "strategy": "stratified",
            "seed": 42,
            "rows": parts,
            "label_names": names,
            "labels": {part: dict.fromkeys(flat, 7) for part in parts},
            "audit": audit,
        },
    )
    epochs = np.arange(8)
    history = pd.DataFrame(
        {
            "epoch": epochs,
            "train_loss": 2 * np.exp(-epochs / 3),
            "val_loss": 2 * np.exp(-epochs / 3) + 0.1,
            "val_f1": 0.95 - 0.6 * np.exp(-epochs / 2),
        }
    )
    best = {"epoch": 7, "monitor": "val_loss", "score": 0.2939}
    write_json(run / "2_fit/fit.json", {"epochs": 8, "best": best})
    history.to_csv(run / "2_fit/history.csv", index=False)
    write_svg(learning_curve_figure(history, best_epoch=7), run / "2_fit/learning_curve.svg")


@pytest.fixture(scope="session")
def example(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Path]:
    """Make a run of some kind with its report, once; nobody changes it."""
    made: dict[Any, Path] = {}

    def make(kind: str, **options: Any) -> Path:
        key = (kind, *sorted(options.items()))
        if key not in made:
            run = write_example(tmp_path_factory.mktemp(kind), kind, **options)
            write_report(run, run / "5_compare" / "report.html")
            made[key] = run
        return made[key]

    return make


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The system's own browser, without a window; one for all tests of a file.

    Longer, and the event loop that drives it would be in the way of other files' tests.
    """
    names = ("chromium", "chromium-browser", "google-chrome")
    path = next(filter(None, map(shutil.which, names)), None)
    if path is None:
        said = f"none of {', '.join(names)} is installed: run `make system-deps`"
        if os.environ.get("CI") or os.environ.get("DSF_BROWSER_REQUIRED"):
            pytest.fail(said)
        pytest.skip(said)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path)
        yield started
        started.close()


class Opened:
    """A page and what it asked for or complained of."""

    def __init__(self, page: Any, path: Path) -> None:
        self.page = page
        self.wrong: list[str] = []
        page.on("console", lambda message: self.wrong.append(message.text))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("requestfailed", lambda request: self.wrong.append(request.url))
        self.requests: list[str] = []
        page.on("request", lambda request: self.requests.append(request.url))
        page.goto(path.as_uri())


@pytest.fixture
def opened(browser: Any, example: Callable[..., Path]) -> Iterator[Callable[..., Opened]]:
    """Open the report of a run of some kind."""
    contexts = []

    def open_report(kind: str, *, width: int = 1200, **options: Any) -> Opened:
        run = example(kind, rows=120)
        context = browser.new_context(viewport={"width": width, "height": 800}, **options)
        contexts.append(context)
        return Opened(context.new_page(), run / "5_compare" / "report.html")

    yield open_report
    for context in contexts:
        context.close()
