"""What holds for every test, and what tests in several folders need."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.nursery import Nursery

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# A busy machine is slow now and then: how long an example takes says nothing about our code.
settings.register_profile("dsf", deadline=None)
settings.load_profile("dsf")

USERS_YAML = Path(__file__).parent / "tasks" / "multilabel" / "from_yaml"
CHANGES = {
    "bert-base-cased": "scratch:encoder",
    "hidden_size: 768": "hidden_size: 32",
    "num_workers: 8": "num_workers: 0",
}


@pytest.fixture(scope="session")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    """A process that has imported what takes seconds, and has children."""
    made = Nursery(tmp_path_factory.mktemp("nursery") / "log.txt")
    yield made
    made.close()


@pytest.fixture(scope="session")
def encoder_of_comments(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny encoder whose words are those of the comments."""
    from dsf.networks import new_encoder

    folder = tmp_path_factory.mktemp("comments") / "encoder"
    texts = (USERS_YAML / "comments.csv").read_text(encoding="utf-8").splitlines()
    new_encoder(
        folder, texts, vocabulary_size=300, hidden_size=32, layers=2, heads=2, max_length=128
    )
    return folder


@pytest.fixture
def workplace(tmp_path: Path, encoder_of_comments: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with the users' YAML: only its paths, sizes and workers are changed."""
    shutil.copytree(encoder_of_comments, tmp_path / "encoder")
    (tmp_path / "data").mkdir()
    shutil.copy(USERS_YAML / "comments.csv", tmp_path / "data" / "toxic_multi_class.csv")
    text = (USERS_YAML / "conf.yaml").read_text(encoding="utf-8")
    for old, new in CHANGES.items():
        assert old in text
        text = text.replace(old, new)
    (tmp_path / "conf.yaml").write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def change(workplace: Path) -> Callable[[str, str], None]:
    """Replace words of its conf.yaml."""

    def do(old: str, new: str) -> None:
        path = workplace / "conf.yaml"
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")

    return do
