"""What must be installed where a bundle is served, pinned to what it was checked with here."""

from __future__ import annotations

from importlib import metadata

from packaging.version import Version

from dsf.core.errors import MissingExtraError

__all__ = ["SERVING_PACKAGES", "TEXT_PACKAGES", "serving_requirements"]

SERVING_PACKAGES = (
    "Jinja2",
    "PyYAML",
    "click",
    "fastapi",
    "filelock",
    "mlflow",
    "numpy",
    "packaging",
    "pandas",
    "psutil",
    "pyarrow",
    "pydantic",
    "requests",
    "safetensors",
    "scipy",
    "torch",
)
"""What dsf asks for and a process loads that opens a registered bundle and answers with it."""

TEXT_PACKAGES = ("tokenizers", "transformers")
"""What it takes besides, if the bundle reads texts."""


def serving_requirements(wheel_name: str, *, reads_texts: bool) -> list[str]:
    """Give the lines of the ``requirements.txt`` of a model.

    Args:
        wheel_name: File name of dsf's own wheel, which the model carries in its folder ``code``.
        reads_texts: Whether the bundle does; otherwise it reads numbers.

    Returns:
        Exact versions, and the wheel by its path in the model: MLflow installs them from there.
        Versions carry no build tag such as ``+cpu``: where the model is served, the CPU or the
        CUDA build is taken that is on offer.

    Raises:
        MissingExtraError: If one of them is not installed here; names all.
    """
    versions, missing = {}, []
    for package in (*SERVING_PACKAGES, *(TEXT_PACKAGES if reads_texts else ())):
        try:
            versions[package] = Version(metadata.version(package)).public
        except metadata.PackageNotFoundError:
            missing.append(package)
    if missing:
        raise MissingExtraError(
            "A registered model needs packages that must be installed here too, to know their "
            f"versions: {', '.join(missing)}. Install them with:\n"
            "    pip install 'dsf-trainer[train,track,serve]'"
        )
    pins = [f"{package}=={version}" for package, version in versions.items()]
    return [*pins, f"code/{wheel_name}"]
