"""The page on losses is true: its losses pass their case, and the config can name them."""

import re
from pathlib import Path

from tests.nursery import PYTEST_STRICTLY

PAGE = Path(__file__).resolve().parents[2] / "docs" / "extend" / "a-loss.md"

NAMED = """

def test_the_config_names_it():
    from dsf.core.config import load_config
    from dsf.losses import build_loss
    from dsf.tasks.config import TextProjectConfig

    config = load_config("config.yaml", environ={}, schema=TextProjectConfig)["model_config"]
    options = {"kind": "single", "counts": [3, 2], "rows": 5}
    made = build_loss(config["loss"], **options, **config["loss_options"])
    assert isinstance(made, ForgivingCrossEntropy)
    assert made.q == 0.5
    made = build_loss("trainer.losses:ShiftedCrossEntropy", **options, tau=0.0)
    assert made.shift.tolist() == [0, 0]


def test_it_lies_between_the_two_that_the_page_names():
    import torch

    from dsf.losses import cross_entropy

    logits, targets = torch.randn(5, 3), torch.tensor([0, 1, 2, 1, -100])
    near = ForgivingCrossEntropy(1e-3)(logits, targets)
    torch.testing.assert_close(near, cross_entropy(logits, targets), rtol=1e-2, atol=1e-2)
    p = logits.softmax(dim=1)[range(4), targets[:4]]
    torch.testing.assert_close(ForgivingCrossEntropy(1.0)(logits, targets), (1 - p).mean())
"""


def blocks(language):
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.M)


def test_the_losses_on_the_page_pass_their_case(nursery, tmp_path):
    first, second, case = blocks("python")
    (config,) = blocks("yaml")
    (tmp_path / "trainer").mkdir()
    (tmp_path / "trainer" / "__init__.py").touch()
    (tmp_path / "trainer" / "losses.py").write_text(first + second, encoding="utf-8")
    (tmp_path / "config.yaml").write_text(config, encoding="utf-8")
    (tmp_path / "test_losses.py").write_text(case + NAMED, encoding="utf-8")
    answer = nursery.run(*PYTEST_STRICTLY, cwd=tmp_path)
    assert answer.returncode == 0, answer.stdout
    assert "14 passed" in answer.stdout
