"""A loss of the user's own, in a module of the project, is named in the config like ours."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import torch

from dsf.core.errors import BadReferenceError, ConfigError, UserError
from dsf.core.references import allow_folder
from dsf.losses import CrossEntropy, build_loss
from dsf.testing import LossCase

if TYPE_CHECKING:
    from pathlib import Path

OWN = '''
import torch

from dsf.losses import IGNORED, CrossEntropy, Loss, check_single, cross_entropy

def squared(logits, targets):
    return (logits - targets).square().mean()

class Tempered(Loss):
    kind = "single"

    def __init__(self, temperature, label_smoothing=0.0):
        super().__init__()
        self.temperature, self.label_smoothing = temperature, label_smoothing

    def forward(self, logits, targets):
        check_single(logits, targets)
        return cross_entropy(logits / self.temperature, targets, self.label_smoothing)

class Shifted(Loss):
    """Moves the scores by the logarithm of how often labels occur."""

    kind = "single"

    def __init__(self, shift):
        super().__init__()
        self.register_buffer("shift", shift)

    @classmethod
    def from_counts(cls, counts, rows, strength=1.0):
        return cls(strength * torch.tensor(counts).div(rows).log())

    def forward(self, logits, targets):
        return cross_entropy(logits + self.shift, targets)

class Renamed(CrossEntropy):
    def __init__(self, **options):
        super().__init__(**options)
'''
DATA: dict[str, Any] = {"kind": "single", "counts": [3, 2], "rows": 5}


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A module of the user's; each test has its own name for it."""
    name = f"own_{tmp_path.name}"
    (tmp_path / f"{name}.py").write_text(OWN, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    allow_folder(tmp_path)
    return name


def test_it_is_made_with_its_options(own: str) -> None:
    loss = build_loss(f"{own}:Tempered", **DATA, temperature=2.0)
    logits, targets = torch.randn(4, 2), torch.tensor([0, 1, 1, -100])
    torch.testing.assert_close(loss(logits, targets), CrossEntropy()(logits / 2, targets))


def test_it_is_given_how_often_labels_occur(own: str) -> None:
    loss = build_loss(f"{own}:Shifted", **DATA, strength=0.5)
    torch.testing.assert_close(loss.shift, torch.tensor([0.6, 0.4]).log() / 2)
    assert set(loss.state_dict()) == {"shift"}


def test_it_may_pass_on_what_it_is_given(own: str) -> None:
    loss = build_loss(f"{own}:Renamed", **DATA, label_smoothing=0.25)
    assert loss.label_smoothing == 0.25
    with pytest.raises(ConfigError, match=r"cannot be made with smoothing: .*unexpected"):
        build_loss(f"{own}:Renamed", **DATA, smoothing=0.25)


def test_it_can_be_proved(own: str) -> None:
    from importlib import import_module

    class Proof(LossCase):
        loss_class = import_module(own).Tempered
        options = {"temperature": 2.0}  # noqa: RUF012

    tests = [name for name in dir(Proof) if name.startswith("test_")]
    assert len(tests) > 5
    for name in tests:
        getattr(Proof(), name)()


@pytest.mark.parametrize(
    ("loss", "options", "message"),
    [
        ("Temperd", {}, "there is no 'Temperd' in 'OWN'. Did you mean 'Tempered'"),
        ("squared", {}, "OWN:squared must be a subclass of dsf.losses.Loss"),
        ("Tempered", {"temprature": 2}, "takes label_smoothing, temperature. Did you mean 'temp"),
        ("Tempered", {}, "cannot be made with none: .*missing .*'temperature'"),
        ("Shifted", {"strenght": 2}, "Did you mean 'strength'"),
        ("IGNORED", {}, "OWN:IGNORED must be a subclass"),
    ],
)
def test_mistakes_are_named(own: str, loss: str, options: dict[str, int], message: str) -> None:
    with pytest.raises(UserError, match=message.replace("OWN", own)):
        build_loss(f"{own}:{loss}", **DATA, **options)


def test_it_must_be_for_the_targets(own: str) -> None:
    with pytest.raises(ConfigError, match="with multilabel targets it must have kind 'multilabel'"):
        build_loss(f"{own}:Tempered", **DATA | {"kind": "multilabel"}, temperature=2.0)


@pytest.mark.parametrize("name", ["os:system", "torch.nn:CrossEntropyLoss", "torch.hub:load"])
def test_what_is_no_loss_is_refused(name: str) -> None:
    with pytest.raises((BadReferenceError, ConfigError), match=r"loss: .*must"):
        build_loss(name, **DATA)
