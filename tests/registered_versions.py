"""Registered versions with a bundle each, made by MLflow's own client in a SQLite file."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

from dsf.core.bundle import (
    FORMAT_VERSION,
    Bundle,
    BundleInputs,
    BundleLabels,
    BundleMetadata,
    write_bundle,
)
from dsf.registry.earned import BASELINE, Earned
from dsf.registry.promotion import promote
from dsf.registry.trail import read_trail
from dsf.registry.versions import RegisteredVersion, Registry
from dsf.tracking import TrackingSettings
from dsf.tracking.mlflow_package import load_client_class

__all__ = ["RegisteredVersions", "chain", "champion", "make_database", "make_settings", "trail"]

MODEL_FILE = "flavors:\n  python_function:\n    artifacts:\n      bundle:\n        path: {}\n"


def make_database(file: Path) -> Path:
    """A database of MLflow with nothing in it; making one takes more than a second."""
    uri = f"sqlite:///{file}"
    load_client_class(uri)(uri)
    return file


def make_settings(folder: Path) -> TrackingSettings:
    """Settings of ``mlflow.db`` in a folder."""
    return TrackingSettings(project=folder, tracking_uri=f"sqlite:///{folder / 'mlflow.db'}")


def make_bundle(folder: Path, weights: str) -> Bundle:
    """A bundle whose network nobody loads."""

    def fill(work: Path) -> None:
        (work / "tokenizer").mkdir()
        (work / "tokenizer" / "tokenizer.json").write_text("{}")
        (work / "config.json").write_text("{}")
        (work / "model.safetensors").write_bytes(weights.encode())

    labels = BundleLabels("single", {"label": ["no", "yes"]}, ["answer"])
    metadata = BundleMetadata(
        format_version=FORMAT_VERSION,
        name="tiny",
        version="v1",
        task="intent_classification",
        created="2026-01-02T03:04:05+00:00",
        inputs=BundleInputs("text", 24),
    )
    return write_bundle(folder, labels, metadata, {}, fill)


class RegisteredVersions:
    """Registers models in ``mlflow.db`` of a folder.

    Args:
        folder: Where the database goes, and the models' files beside it.
        database: An empty one, to be copied.
    """

    def __init__(self, folder: Path, database: Path) -> None:
        self.folder = folder
        self.file = Path(shutil.copy(database, folder / "mlflow.db"))
        self.registry = Registry(make_settings(folder))
        uri = f"sqlite:///{self.file}"
        self.client: Any = load_client_class(uri)(uri)
        self._count = 0

    def add(
        self,
        name: str = "shop",
        *,
        passed: bool = True,
        compared_with: str = BASELINE,
        aliases: tuple[str, ...] = (),
        by_dsf: bool = True,
        path: str = "artifacts/bundle",
        **earned: str,
    ) -> RegisteredVersion:
        """Register a version with a bundle of its own.

        Args:
            name: Of the model.
            passed: Whether its verdict passes.
            compared_with: What it was compared with.
            aliases: That point to it.
            by_dsf: Whether it has the tags that dsf gives.
            path: Where the bundle lies in the model.
            **earned: Other values of its :class:`~dsf.registry.earned.Earned`.
        """
        self._count += 1
        source = self.folder / "models" / str(self._count)
        bundle = make_bundle(source / path, f"weights {self._count}")
        (source / "MLmodel").write_text(MODEL_FILE.format(path))
        verdict = Earned(
            verdict="better" if passed else "worse",
            passed=passed,
            reason="f1 is 0.02 higher." if passed else "f1 is 0.02 lower.",
            compared_with=compared_with,
            bundle=bundle.hash,
            run=f"/runs/v{self._count}",
            report=f"/runs/v{self._count}/5_compare/report.html",
        )
        tags = replace(verdict, **earned).to_tags() if by_dsf else {}
        if not self.client.search_registered_models(f"name = '{name}'"):
            self.client.create_registered_model(name)
        made = self.client.create_model_version(name, source.as_uri(), tags=tags)
        for alias in aliases:
            self.client.set_registered_model_alias(name, alias, made.version)
        return self.registry.find(name, made.version)


def trail(registry: Registry, number: int) -> list[tuple[str, str, str]]:
    """What befell a version: what, the champion afterwards, the one before."""
    entries = read_trail(registry.find("shop", number).tags)
    return [(one.what, one.champion, one.champion_before) for one in entries]


def champion(registry: Registry) -> str:
    found = registry.champion("shop")
    return found.version if found else ""


def chain(own: RegisteredVersions, count: int) -> None:
    """Versions that each became champion after the one before."""
    for number in range(count):
        own.add(compared_with=f"models:/shop/{number}")
        promote(own.registry, "shop", "latest")
