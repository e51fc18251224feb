"""A run folder as the steps leave it, small and made up, and a reader of the report on it."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from dsf.report import confusion_matrix_figure, learning_curve_figure, save_figure, write_report

if TYPE_CHECKING:
    from collections.abc import Callable

MATRIX = [[20, 1, 0], [2, 17, 1], [0, 0, 19]]
LABELS = ["cat", "dog", "<b>eel & co</b>"]
TRAINED = {"accuracy": 0.9333, "precision": 0.9321, "recall": 0.9358, "f1": 0.9334}
EXISTING = {"accuracy": 0.9, "precision": 0.9412, "recall": 0.9358, "f1": 0.91}


def make_history(epochs: int) -> pd.DataFrame:
    epoch = np.arange(epochs)
    return pd.DataFrame(
        {
            "epoch": epoch,
            "step": 10 * (epoch + 1),
            "learning_rate": np.full(epochs, 0.001),
            "train_loss": 2 * np.exp(-epoch / 8),
            "val_loss": 2 * np.exp(-epoch / 8) + 0.1,
            "train_accuracy": 1 - 0.8 * np.exp(-epoch / 6),
            "val_accuracy": 0.97 - 0.8 * np.exp(-epoch / 6),
        }
    )


def _record() -> dict[str, Any]:
    steps = {"split": 0.31, "fit": 185.2, "test": 1.26, "eval": 2.04, "compare": 0.0}
    return {
        "dsf_version": "0.1.0",
        "created": "2026-03-01T09:30:00+00:00",
        "project": "Pets <script>alert(1)</script>",
        "task": "pets",
        "seed": 42,
        "config_hash": "c0" * 32,
        "data_hash": "da" * 32,
        "git": {"commit": "ab" * 20, "dirty": True},
        "versions": {"python": "3.11.9", "torch": "2.13.0"},
        "steps": {
            name: {
                "status": "running" if name == "compare" else "done",
                "key": "k",
                "started": "2026-03-01T09:30:00+00:00",
                "finished": "" if name == "compare" else "2026-03-01T09:31:00+00:00",
                "seconds": seconds,
                "error": "",
            }
            for name, seconds in steps.items()
        },
    }


def _write(path: Path, content: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8")


def make_run(folder: Path, epochs: int = 8) -> Path:
    """Write the files of a run that was trained, tested and compared."""
    run = folder / "v3"
    _write(run / "run.json", _record())
    (run / "config.yaml").write_text("project: pets  # <script>\nmetrics: {f1: true}\n", "utf-8")
    counts = dict(zip(LABELS, (21, 20, 19), strict=False))
    _write(
        run / "1_split/split.json",
        {
            "strategy": "stratified",
            "seed": 42,
            "ratios": {"train": 0.75, "validation": 0.15, "test": 0.1},
            "rows": {"train": 450, "validation": 90, "test": 60},
            "label_names": LABELS,
            "labels": {"train": {"cat": 150}, "validation": {"cat": 30}, "test": counts},
            "data_hash": "da" * 32,
        },
    )
    best = {"epoch": epochs - 1, "monitor": "val_loss", "score": 0.1234}
    fit = {"model": "checkpoints/best.ckpt", "epochs": epochs, "steps": 10 * epochs, "best": best}
    _write(run / "2_fit/fit.json", fit)
    history = make_history(epochs)
    history.to_csv(run / "2_fit/history.csv", index=False)
    save_figure(learning_curve_figure(history, best_epoch=epochs - 1), run / "2_fit/learning_curve")
    matrix = {"labels": LABELS, "matrix": MATRIX}
    for step, scores in (("3_test", TRAINED), ("4_eval", EXISTING)):
        _write(run / step / "metrics.json", {**scores, "confusion_matrix": matrix})
        save_figure(confusion_matrix_figure(MATRIX, LABELS), run / step / "confusion_matrix")
    metrics: dict[str, Any] = {
        name: {"trained": value, "eval": EXISTING[name]} for name, value in TRAINED.items()
    }
    metrics["confusion_matrix"] = {"trained": matrix, "eval": matrix}
    _write(run / "5_compare/comparison.json", {"metrics": metrics})
    return run


VOID = {"meta", "link", "br", "hr", "img", "input"}


@dataclass
class Element:
    """One element: its tag, its attributes, its text with that of its children."""

    tag: str
    attributes: dict[str, str]
    parents: tuple[str, ...]
    text: str = ""

    @property
    def classes(self) -> list[str]:
        return self.attributes.get("class", "").split()


@dataclass
class Page(HTMLParser):
    """All elements of a page, in order."""

    elements: list[Element] = field(default_factory=list)
    declarations: list[str] = field(default_factory=list)
    _open: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()

    @classmethod
    def read(cls, html: str) -> Page:
        page = cls()
        page.feed(html)
        page.close()
        assert not page._open, f"never closed: {[element.tag for element in page._open]}"
        return page

    def find(self, tag: str) -> list[Element]:
        return [element for element in self.elements if element.tag == tag]

    def figures(self) -> list[Element]:
        """Give the pictures that stand by themselves, not those inside tables."""
        return [e for e in self.find("svg") if e.parents[-1] == "figure"]

    def texts(self, tag: str) -> list[str]:
        return [" ".join(element.text.split()) for element in self.find(tag)]

    def table(self, caption: str) -> list[list[str]]:
        """Give the cells of the table whose caption has these words, row by row.

        Cells with a picture alone are left out.
        """
        start = next(
            place
            for place, element in enumerate(self.elements)
            if element.tag == "caption" and caption in element.text
        )
        rows: list[list[str]] = []
        for element in self.elements[start + 1 :]:
            if element.tag == "table":
                break
            if element.tag == "tr":
                rows.append([])
            elif element.tag in ("th", "td") and "picture" not in element.classes:
                rows[-1].append(" ".join(element.text.split()))
        return rows

    def handle_decl(self, decl: str) -> None:
        self.declarations.append(decl)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        parents = tuple(element.tag for element in self._open)
        element = Element(tag, {name: value or "" for name, value in attrs}, parents)
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open, f"</{tag}> closes nothing"
        closed = self._open.pop()
        assert closed.tag == tag, f"</{tag}> closes <{closed.tag}>"

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data


@pytest.fixture(scope="session")
def finished_run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that nobody changes."""
    return make_run(tmp_path_factory.mktemp("finished"))


@pytest.fixture
def run_copy(finished_run: Path, tmp_path: Path) -> Path:
    """A run to take files from or to break."""
    return Path(shutil.copytree(finished_run, tmp_path / "v3"))


@pytest.fixture(scope="session")
def edit() -> Callable[[Path, Callable[[dict[str, Any]], Any]], None]:
    """Change the content of a JSON file in place."""

    def change_file(path: Path, change: Callable[[dict[str, Any]], Any]) -> None:
        content = json.loads(path.read_text(encoding="utf-8"))
        change(content)
        path.write_text(json.dumps(content), encoding="utf-8")

    return change_file


@pytest.fixture
def history() -> Callable[[int], pd.DataFrame]:
    """Make the history of a fit with so many epochs."""
    return make_history


@pytest.fixture(scope="session")
def read_page() -> Callable[[str], Page]:
    """Read HTML; it fails where an element is not closed in order."""
    return Page.read


@pytest.fixture(scope="session")
def report_of(read_page: Callable[[str], Page]) -> Callable[[Path], Page]:
    """Write the report of a run to its place, and read it."""

    def write_and_read(run: Path) -> Page:
        out = run / "5_compare" / "report.html"
        assert write_report(run, out) == out
        return read_page(out.read_text(encoding="utf-8"))

    return write_and_read
