"""Writes what is logged as a file: plain data, figures and images."""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from dsf.core.errors import UserError
from dsf.core.extras import require_extra
from dsf.core.yaml_writer import dump_yaml
from dsf.tracking.mlflow_limits import plain_text
from dsf.tracking.plain_data import plain_data, to_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["write_data", "write_figure", "write_image", "write_plain_text"]

_YAML = ("yaml", "yml")
_FEATURE = "log_image"


def write_plain_text(path: Path, text: str) -> None:
    """Write a text in UTF-8; half a surrogate pair becomes a question mark.

    Args:
        path: Where to.
        text: What is in it.
    """
    path.write_bytes(plain_text(text).encode("utf-8"))


def write_data(path: Path, data: Any, name: str) -> None:
    """Write data as YAML if the name ends so, else as JSON.

    Args:
        path: Where to.
        data: Anything; see :func:`dsf.tracking.plain_data.plain_data`.
        name: What the file will be called.
    """
    is_yaml = _ending(name) in _YAML
    write_plain_text(path, dump_yaml(plain_data(data)) if is_yaml else to_json(data))


def write_figure(path: Path, figure: Any, name: str, options: Mapping[str, Any]) -> None:
    """Draw a figure.

    Args:
        path: Where to.
        figure: Of matplotlib or plotly.
        name: What the file will be called; how it ends says the format.
        options: Handed on to what draws it.
    """
    kind = _ending(name)
    if hasattr(figure, "savefig"):
        figure.savefig(path, **{"format": kind or "png", **options})
    elif kind == "html":
        figure.write_html(path, **{"include_plotlyjs": "cdn", "auto_open": False, **options})
    else:
        figure.write_image(path, format=kind or None, **options)


def write_image(path: Path, image: Any, name: str, *, small: bool = False) -> None:
    """Write an image.

    Args:
        path: Where to.
        image: See :meth:`dsf.tracking.JournalClient.log_image`.
        name: What the file will be called; how it ends says the format.
        small: Whether it is made small, as MLflow's page shows it at first.

    Raises:
        UserError: If it is no image, or there is no format of that name.
    """
    media = require_extra("track", module="mlflow.tracking.multimedia", feature=_FEATURE)
    drawn = _as_drawn(image, media)
    formats = require_extra("train", module="PIL.Image", feature=_FEATURE).registered_extensions()
    suffix = PurePosixPath(name).suffix.lower()
    if suffix not in formats:
        raise UserError(f"The name of an image must end like errors.png, but is {name!r}.")
    (media.compress_image_size(drawn) if small else drawn).save(path, format=formats[suffix])


def _as_drawn(image: Any, media: Any) -> Any:
    """Give an image of PIL."""
    if hasattr(image, "to_pil"):
        return image.to_pil()
    if hasattr(image, "resize") and hasattr(image, "save"):
        return image
    if hasattr(image, "__array_interface__"):
        return media.convert_to_pil_image(image)
    raise UserError(
        "An image must be an array of numpy, an image of PIL or an mlflow.Image, but is of type "
        f"{type(image).__module__}.{type(image).__qualname__}."
    )


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.removeprefix(".").lower()
