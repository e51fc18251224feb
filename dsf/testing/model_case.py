"""What must hold for every ``Model``."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from dsf.core.seeding import seed_process
from dsf.testing.filling import fill_config

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dsf.base import Model

__all__ = ["ModelCase"]


class ModelCase:
    """Proves that a ``Model`` fits.

    Subclass it in a file of tests, and pytest runs it on your class::

        import torch

        from dsf.testing import ModelCase
        from trainer.model import MyShopModel

        class TestMyShopModel(ModelCase):
            model_class = MyShopModel
            config = {"model_config": {"num_classes": 2}}

            def save(self, model, path):
                torch.save({"state_dict": model.state_dict()}, path)

            def answer(self, model):
                return model.eval()(torch.ones(4, 10)).detach()

    You must set: ``model_class``.
    You must write: :meth:`save` and :meth:`answer`.
    You may set: ``config``.

    Attributes:
        model_class: The class to test.
        config: The project's config, or the keys of it that matter; the rest are defaults. The
            steps fill in ``num_classes`` and ``label_names``; here you do.
    """

    model_class: ClassVar[type[Model]]
    config: ClassVar[Mapping[str, Any]] = {}

    def save(self, model: Any, path: Path) -> None:
        """Write a model to a file as your ``Train`` does; fit it first if it must be."""
        raise NotImplementedError(f"{type(self).__name__} must write save()")

    def answer(self, model: Any) -> Any:
        """Let a model answer the same few inputs every time; give numbers or labels."""
        raise NotImplementedError(f"{type(self).__name__} must write answer()")

    def make(self, save_path: Path) -> Model:
        """Make the object to test, a new one on every call."""
        config = fill_config(self.config)
        seed_process(config["model_config"]["seed"])
        return self.model_class(
            model_config=config["model_config"],
            metrics_config=config["metrics"],
            trainer_config=config["trainer_config"],
            save_path=save_path,
        )

    def test_the_model_is_made_once(self, tmp_path: Path) -> None:
        """Whoever asks again gets the same one."""
        maker = self.make(tmp_path)
        assert maker.get_model() is maker.get_model()

    def test_every_step_gets_its_own_model(self, tmp_path: Path) -> None:
        """No model is shared: what one step does to it must not reach the other."""
        assert self.make(tmp_path).get_model() is not self.make(tmp_path).get_model()

    def test_the_config_stays_as_it_is(self, tmp_path: Path) -> None:
        """Other parts read it too."""
        maker = self.make(tmp_path)
        before = copy.deepcopy((maker.model_config, maker.metrics_config, maker.trainer_config))
        maker.get_model()
        after = (maker.model_config, maker.metrics_config, maker.trainer_config)
        assert after == before, "define_model must leave the config as it is"

    def test_a_saved_model_comes_back_and_answers_the_same(self, tmp_path: Path) -> None:
        """The test step sees only the file; what is tested is what was trained."""
        model, path = self.make(tmp_path).get_model(), tmp_path / "model"
        self.save(model, path)
        assert path.is_file(), "save must leave the file that it is given"
        told = np.asarray(self.answer(model)).copy()
        # Another seed, so that a model made new cannot pass for the one that was saved.
        other = self.make(tmp_path)
        seed_process(other.model_config["seed"] + 1)
        loaded = other.get_trained_model(path)
        assert loaded is not model, "load_model must bring the model back from the file"
        np.testing.assert_array_equal(np.asarray(self.answer(loaded)), told)
