"""What is logged as a file can be read again: data, and images of each kind."""

from __future__ import annotations

import numpy as np
import pytest
from mlflow import Image as MlflowImage
from PIL import Image

from dsf.core.errors import UserError
from dsf.core.yaml_text import parse_yaml
from dsf.tracking.file_writers import write_data, write_image, write_plain_text

PIXELS = np.zeros((4, 6, 3), dtype=np.uint8)
PIXELS[:, 3:] = [255, 128, 0]


def test_half_a_surrogate_pair_ends_nothing(tmp_path):
    write_plain_text(tmp_path / "a", "one \ud83d\nzwei ü")
    assert (tmp_path / "a").read_bytes() == "one ?\nzwei ü".encode()


@pytest.mark.parametrize("name", ["a.yaml", "b/A.YML"])
def test_nan_is_a_number_in_yaml(tmp_path, name):
    write_data(tmp_path / "kept", {"loss": float("nan"), "text": "nan", 1: [float("inf")]}, name)
    read = parse_yaml((tmp_path / "kept").read_text()).data
    assert repr(read) == "{'loss': nan, 'text': 'nan', '1': [inf]}"


@pytest.mark.parametrize(
    "image",
    [PIXELS, PIXELS / 255.0, Image.fromarray(PIXELS), MlflowImage(PIXELS)],
    ids=["whole", "shares", "pil", "mlflow"],
)
def test_an_image_of_each_kind(tmp_path, image):
    write_image(tmp_path / "kept", image, "plots/a.png")
    with Image.open(tmp_path / "kept") as read:
        assert read.format == "PNG"
        np.testing.assert_array_equal(np.asarray(read), PIXELS)


def test_an_image_of_one_channel_and_a_small_one(tmp_path):
    write_image(tmp_path / "kept", np.ones((600, 300), dtype=bool), "a.webp", small=True)
    with Image.open(tmp_path / "kept") as read:
        assert (read.format, read.size) == ("WEBP", (128, 256))


@pytest.mark.parametrize("name", ["errors", "errors.nix"])
def test_an_image_without_a_format_is_refused(tmp_path, name):
    with pytest.raises(UserError, match=rf"must end like errors\.png, but is '{name}'"):
        write_image(tmp_path / "kept", PIXELS, name)


@pytest.mark.parametrize("image", ["a.png", [[1]], None])
def test_what_is_no_image_is_refused(tmp_path, image):
    kind = f"builtins.{type(image).__name__}"
    with pytest.raises(UserError, match=f"must be an array of numpy.*is of type {kind}"):
        write_image(tmp_path / "kept", image, "a.png")
