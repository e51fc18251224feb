"""What a fit saves besides: only where the config asks, when the model to test is known."""

from types import SimpleNamespace

import pytest

from dsf.base import Train


class Fits(Train):
    seen = None

    def execute(self):
        best = self.save_path / "best.ckpt"
        best.touch()
        return SimpleNamespace(checkpoint_callback=SimpleNamespace(best_model_path=str(best)))

    def save_last_model(self):
        self.seen = self.model_path


@pytest.mark.parametrize("wanted", [True, False])
def test_the_model_to_test_is_known_when_one_is_saved_besides(tmp_path, wanted):
    train = Fits({}, {"save_last_model": wanted}, save_path=tmp_path)
    assert train.run() == (tmp_path / "best.ckpt").resolve()
    assert train.seen == ((tmp_path / "best.ckpt").resolve() if wanted else None)
