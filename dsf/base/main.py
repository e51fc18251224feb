"""The whole way from labelled rows to a compared model.

The order of things, and the hooks that a project fills in::

    Main.run()
      split()              once a run
        DatasetPreparation.load()            <- you write
        DatasetPreparation.split(rows)       <- you may write
      execute_trainer()
        Model.define_model()                 <- you write
        Model.begin_with(start)              <- you may write; only if the config names a start
        Data.create_data_module()            <- you write
        Train.execute()                      <- you write; again after a kill, with resume_from
        Train.save_last_model()              <- you may write; only if the config asks for it
        and as in execute_test(), with the validation rows in place of the test rows
      execute_test()
        Model.load_model(path)               <- you may write
        Data.create_data_module()
        Test.execute()                       <- you write
      execute_eval()         before execute_trainer(), if eval_config names the existing model
        Evaluation.execute()                 <- you write
      compare()
        Comparison.compare()                 <- you write
      export()
        Model.export_bundle(request)         <- you may write; models of dsf.lightning have it
        Comparison.compare()                 once more, with the bundle's own answers
      register()             only if register_config names the model

Each of the seven writes one folder of the run, whole or not at all. What is done is not done again.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from dsf.base.bundle_copies import check_copies, copy_bundle
from dsf.base.decisions import hash_decisions
from dsf.base.existing_model import check_existing_model
from dsf.base.holding import hold_run
from dsf.base.learned import hash_learning
from dsf.base.outcome import METRICS_FILE
from dsf.base.project_code import find_root
from dsf.base.reading import read_all_rows, read_test_rows
from dsf.base.registered_model import find_registered_model
from dsf.base.session import Session, check_same_data
from dsf.base.steps import (
    BUNDLE_FOLDER,
    COMPARE,
    COMPARISON_FILE,
    EVALUATE,
    EXPORT,
    EXPORT_FILE,
    FIT,
    FIT_FILE,
    REGISTER,
    REGISTRATION_FILE,
    SPLIT,
    STEPS,
    TEST,
    Step,
)
from dsf.base.warm_start import check_warm_start
from dsf.core.config import ProjectConfig
from dsf.core.errors import ConfigError, Problem, RunNotFoundError
from dsf.core.hashing import hash_files
from dsf.core.threads import settle_waiting

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from dsf.base.comparison import Comparison
    from dsf.base.data import Data
    from dsf.base.dataset_preparation import DatasetPreparation
    from dsf.base.evaluation import Evaluation
    from dsf.base.model import Model
    from dsf.base.test import Test
    from dsf.base.train import Train
    from dsf.core.run_folder import RunFolder

__all__ = ["Main"]

settle_waiting()  # here, since a project imports its base before it imports torch


class Main:
    """Puts a project's classes to work in order, in one run folder.

    You must set: the seven class attributes that name your classes.
    You may set: ``config_schema``, if your config has sections or keys of its own.
    You may write: any step; the others call it by its public name.

    Args:
        cfg: The config, from ``load_config`` or a plain dict; ``None`` for the defaults.
        dataset_path: Where the rows are, in place of ``dataset_config.dataset_path``.
        training_path: Rows that were split before: training. Needs ``validation_path``.
        validation_path: Rows that were split before: validation.
        test_dataset_path: Rows to test on, in place of the test part of the split.
        run_dir: The run to work in, in place of the latest or a new one.
        resume: Go on with a run instead of starting a new one; steps that the config has changed
            are done again in it.
        force_dataset_split: Split ``dataset_path`` even if ``training_path`` is given.
        force: Do steps again that are done already, though nothing that decides them has changed.
        warm_start: What the fit begins with, in place of ``warm_start_config.source``.
    """

    dataset_preparation_class: ClassVar[type[DatasetPreparation]]
    data_class: ClassVar[type[Data]]
    model_class: ClassVar[type[Model]]
    train_class: ClassVar[type[Train]]
    test_class: ClassVar[type[Test]]
    evaluation_class: ClassVar[type[Evaluation]]
    comparison_class: ClassVar[type[Comparison]]
    config_schema: ClassVar[type[ProjectConfig]] = ProjectConfig

    def __init__(
        self,
        cfg: Mapping[str, Any] | None = None,
        dataset_path: Path | str | None = None,
        training_path: Path | str | None = None,
        validation_path: Path | str | None = None,
        test_dataset_path: Path | str | None = None,
        *,
        run_dir: Path | str | None = None,
        resume: bool = False,
        force_dataset_split: bool = False,
        force: bool = False,
        warm_start: Path | str | None = None,
    ) -> None:
        self.cfg = cfg
        self.dataset_path = dataset_path
        self.training_path = training_path
        self.validation_path = validation_path
        self.test_dataset_path = test_dataset_path
        self.run_dir = run_dir
        self.resume = resume
        self.force_dataset_split = force_dataset_split
        self.force = force
        self.warm_start = warm_start
        self.run_folder: RunFolder | None = None
        self._session: Session | None = None

    # ------------------------------------------------------------------ the steps, in order

    def run(self) -> dict[str, Any]:
        """Do all steps, in a new run unless ``resume``.

        Returns:
            Metric → ``{"trained": …, "eval": …}``.

        Raises:
            ConfigError: If the existing model that ``eval_config`` names is not there.
        """
        with self._open("new") as session:
            check_existing_model(session.config, find_root(self.evaluation_class))
            check_warm_start(session.config, self.project_dir(), session.run.path)
            check_copies(session.config["export_config"], self.project_dir())
            self.split()
            named = session.config["eval_config"].get("incumbent") is not None
            if named:  # what is wrong with it is seen before a fit of hours, not after
                self.execute_eval()
            self.execute_trainer()
            self.execute_test()
            if not named:
                self.execute_eval()
            compared = self.compare()
            if session.config["export_config"]["enabled"] is not False:
                self.export()
            if session.config["register_config"]["name"] is not None:
                self.register()
            return compared

    def split(self) -> Path:
        """Read the rows and split them; give the folder of the parts.

        Raises:
            RunMismatchError: If the run was made from other rows.
        """
        with self._open("start") as session:
            options = read_all_rows(self, session.config)
            check_same_data(session.record, options["data_hash"], session.run.path)
            session.record.data_hash = options["data_hash"]
            return session.perform(SPLIT, {"data": options["data_hash"]}, options)

    def execute_trainer(self, force_save_path: Path | str = "") -> Path:
        """Fit a model, splitting the data first if that is not done; give the model's file.

        Args:
            force_save_path: Folder of the run, in place of the next version.
        """
        self.run_dir = force_save_path or self.run_dir
        with self._open("start", FIT) as session:
            check_warm_start(session.config, self.project_dir(), session.run.path)
            if not session.is_done(SPLIT):
                self.split()
            session.perform(FIT, options={"learning": hash_learning(FIT, session.stamper)})
            return self._trained_model(session)

    def execute_test(self, model_path: Path | str | None = None) -> dict[str, Any]:
        """Test a model: the run's own, or the one in ``model_path``; give its numbers.

        Raises:
            RunNotFoundError: If there is no such model or no run to test it in.
        """
        named = None if model_path is None else Path(model_path)
        with self._open("latest", TEST, named) as session:
            needed = (SPLIT, FIT) if named is None else (SPLIT,)
            session.require(*needed)
            path = _existing(named or self._trained_model(session))
            rows, rows_hash = read_test_rows(self, session.config, session.run.path)
            model_hash = hash_files([path], path.parent)[path.name]
            folder = session.perform(
                TEST,
                {"model": model_hash, "rows": rows_hash, **hash_decisions(path)},
                {"model_path": path, "rows": rows},
                needs=needed,
            )
            return _read_json(folder / METRICS_FILE)

    def execute_eval(self) -> dict[str, Any]:
        """Let the existing model answer the same rows; give its numbers."""
        with self._open("latest", EVALUATE) as session:
            session.require(SPLIT)
            rows, rows_hash = read_test_rows(self, session.config, session.run.path)
            with session.noting(EVALUATE):
                registered = find_registered_model(session.config, self.project_dir())
            inputs = {"rows": rows_hash}
            if registered is not None:
                inputs["registered"] = f"{registered.uri} {registered.bundle}"
            folder = session.perform(EVALUATE, inputs, {"rows": rows, "registered": registered})
            return _read_json(folder / METRICS_FILE)

    def compare(self) -> dict[str, Any]:
        """Compare the two; give metric → ``{"trained": …, "eval": …}``."""
        with self._open("latest", COMPARE) as session:
            folder = session.perform(COMPARE)
            comparison: dict[str, Any] = _read_json(folder / COMPARISON_FILE)["metrics"]
            return comparison

    def export(self) -> Path | None:
        """Export the model that was tested; give the folder of the bundle.

        Returns:
            ``None`` if the model is of a kind that cannot be exported, and need not be.

        Raises:
            BundleError: If the bundle answers otherwise than the model, or has no place.
        """
        with self._open("latest", EXPORT) as session:
            session.require(SPLIT, FIT, TEST, EVALUATE)
            path = _existing(self._trained_model(session))
            rows, rows_hash = read_test_rows(self, session.config, session.run.path)
            inputs = {"model": hash_files([path], path.parent)[path.name], "rows": rows_hash}
            options = {"model_path": path, "rows": rows, "inputs": inputs}
            folder = session.perform(EXPORT, inputs, options)
            if _read_json(folder / EXPORT_FILE)["bundle"] is None:
                return None
            bundle = folder / BUNDLE_FOLDER
            copy_bundle(bundle, session.config["export_config"], self.project_dir())
            return bundle

    def register(self) -> str:
        """Register the bundle as a version of ``register_config.name``; give its address.

        Returns:
            ``models:/NAME/3``.

        Raises:
            ConfigError: If the config names no model.
            BundleError: If there is no bundle, or the registered model answers otherwise.
            UserError: If the registry does not take it. The bundle stays what it is.
        """
        with self._open("latest", REGISTER) as session:
            if session.config["register_config"]["name"] is None:
                message = (
                    "must be the name of the model that is registered, but is null. "
                    "`dsf-cli register --name NAME` names it, too."
                )
                problem = Problem("register_config.name", message)
                raise ConfigError("Nothing can be registered.", [problem])
            session.require(COMPARE, EXPORT)
            rows, rows_hash = read_test_rows(self, session.config, session.run.path)
            with session.noting(REGISTER):
                options = {"rows": rows, "tracked": session.tracked_run()}
            folder = session.perform(REGISTER, {"rows": rows_hash}, options)
            return str(_read_json(folder / REGISTRATION_FILE)["uri"])

    def run_step(self, name: str) -> Path:
        """Do one step by name, in ``run_dir`` or the latest run; ``split`` starts a new one.

        Returns:
            The step's folder.
        """
        steps: dict[str, Callable[[], Any]] = {
            "split": self.split,
            "fit": self.execute_trainer,
            "test": self.execute_test,
            "eval": self.execute_eval,
            "compare": self.compare,
            "export": self.export,
            "register": self.register,
        }
        with self._open("start" if name == "split" else "latest", STEPS[name]) as session:
            steps[name]()
            return session.folder(STEPS[name])

    # ------------------------------------------------------------------ how they are run

    @classmethod
    def project_dir(cls) -> Path:
        """Folder of the project: the one that holds the package of this class."""
        return find_root(cls)

    @contextmanager
    def _open(
        self, mode: str, step: Step | None = None, model_path: Path | None = None
    ) -> Iterator[Session]:
        """Hold a run while a step works; steps called inside it work in the same run."""
        if self._session is not None:
            yield self._session
            return
        with hold_run(self, mode, step, model_path) as session:
            self._session = session
            try:
                yield session
            finally:
                self._session = None

    def _trained_model(self, session: Session) -> Path:
        """Find the model that the fit left."""
        folder = session.folder(FIT)
        return folder / str(_read_json(folder / FIT_FILE)["model"])


def _existing(path: Path) -> Path:
    if not path.is_file():
        raise RunNotFoundError(f"{path}: the model must be here (model_path), but is not.")
    return path.resolve()


def _read_json(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
