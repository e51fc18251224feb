"""The sections and keys that every project has."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from dsf.core.config.comparison_section import ComparisonConfig
from dsf.core.config.dataset_section import DatasetConfig
from dsf.core.config.decision_section import AbstainConfig, CalibrationConfig
from dsf.core.config.eval_section import EvalConfig
from dsf.core.config.export_section import ExportConfig, RegisterConfig
from dsf.core.config.metrics_section import BootstrapConfig, MetricsConfig
from dsf.core.config.sections import KeysProblem, Section
from dsf.core.config.tracking_section import TrackingConfig
from dsf.core.config.trainer_section import TrainerConfig
from dsf.core.config.value_types import FileName, LabelNames, Named, PathText, Seed
from dsf.core.config.warm_start_section import WarmStartConfig
from dsf.core.errors import Problem
from dsf.core.references import check_spelling
from dsf.core.suggestions import did_you_mean

__all__ = [
    "OPTIMIZER_NAMES",
    "AbstainConfig",
    "BootstrapConfig",
    "CalibrationConfig",
    "ComparisonConfig",
    "DatasetConfig",
    "EvalConfig",
    "ExportConfig",
    "MetricsConfig",
    "ModelConfig",
    "PathsConfig",
    "ProjectConfig",
    "RegisterConfig",
    "TrackingConfig",
    "WarmStartConfig",
    "config_schema",
]

OPTIMIZER_NAMES = (
    *("ASGD", "Adadelta", "Adagrad", "Adam", "AdamW", "Adamax", "LBFGS", "NAdam", "RAdam"),
    *("RMSprop", "Rprop", "SGD", "SparseAdam"),
)
"""Those of ``dsf.lightning.OPTIMIZERS``, written down because nothing here may import torch."""

DIALECT = "https://json-schema.org/draft/2020-12/schema"


class ModelConfig(Section, extra="allow"):
    """The network and how it learns. Add keys of your own: every hook is given them."""

    learning_rate: float = Field(default=1e-3, gt=0)
    """Step size of the optimizer after the warm-up. No unit."""
    optimizer: Named = "AdamW"
    """Name of an optimizer of torch.optim, or a reference to another one."""
    weight_decay: float = Field(default=0.01, ge=0)
    """Share of a weight that a step takes away, times the learning rate. No unit."""
    schedule: Literal["linear", "cosine", "constant"] = "linear"
    """How the learning rate falls after the warm-up: to 0 at the last step, or not at all."""
    num_warmup_steps: int = Field(default=0, ge=0)
    """Optimizer steps in which the learning rate rises from 0."""
    loss_function: Named = "torch.nn.functional:cross_entropy"
    """Reference to a function of scores and targets."""
    batch_size: int = Field(default=32, ge=1)
    """Rows in a batch, per device."""
    num_workers: int = Field(default=0, ge=0)
    """Processes that load batches; 0 loads them in the main process."""
    num_classes: Annotated[int, Field(ge=1)] | None = None
    """Number of labels; null: as many as the data has."""
    label_names: LabelNames | None = None
    """Labels in the order of the scores, by output if there are several; null: the data's."""
    average: Literal["micro", "macro", "weighted"] = "macro"
    """How precision, recall and f1 of the labels become one number."""
    seed: Seed = 42
    """Starts every random number of the run."""
    deterministic: bool = True
    """Whether a second run must give the same numbers, even if that is slower."""
    save_last_model: bool = False
    """Whether to save the model of the last epoch, under model_name, besides the best one."""
    model_name: FileName = "my_model.ckpt"
    """File name of that model."""

    @classmethod
    def check_together(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """Check references, and that the labels fit their number."""
        problems = [*_check_optimizer(values.get("optimizer"))]
        if not _is_live(loss := values.get("loss_function", "a:b")):
            problems += check_spelling(loss, "loss_function")
        names, count = values.get("label_names"), values.get("num_classes")
        if isinstance(names, list):
            if len({str(name) for name in names}) < len(names):
                problems.append(Problem("label_names", f"must differ from each other: {names}"))
            if isinstance(count, int) and count != len(names):
                message = f"must be the number of label_names, {len(names)}, not {count}"
                keys = ("num_classes", "label_names")
                problems.append(KeysProblem("num_classes", message, keys))
        return problems


class PathsConfig(Section):
    """Where things are kept."""

    output: PathText = "training_output"
    """Folder of all runs, relative to the project."""


class ProjectConfig(Section):
    """Everything a project may set. A subclass adds sections or keys.

    The attribute of the section ``model_config`` is ``model_section``: pydantic has a use of its
    own for that name. In YAML and in the config it is ``model_config``.
    """

    project: str = ""
    """Name of the project."""
    task: str = ""
    """Name of the task, as in `dsf-cli new-project --task`."""
    model_section: ModelConfig = Field(default_factory=ModelConfig, alias="model_config")
    trainer_config: TrainerConfig = Field(default_factory=TrainerConfig)
    dataset_config: DatasetConfig = Field(default_factory=DatasetConfig)
    warm_start_config: WarmStartConfig = Field(default_factory=WarmStartConfig)
    metrics: MetricsConfig = Field(default_factory=MetricsConfig)
    bootstrap_config: BootstrapConfig = Field(default_factory=BootstrapConfig)
    calibration_config: CalibrationConfig = Field(default_factory=CalibrationConfig)
    abstain_config: AbstainConfig = Field(default_factory=AbstainConfig)
    eval_config: EvalConfig = Field(default_factory=EvalConfig)
    comparison_config: ComparisonConfig = Field(default_factory=ComparisonConfig)
    export_config: ExportConfig = Field(default_factory=ExportConfig)
    register_config: RegisterConfig = Field(default_factory=RegisterConfig)
    tracking_config: TrackingConfig = Field(default_factory=TrackingConfig)
    paths: PathsConfig = Field(default_factory=PathsConfig)

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        """Give the JSON schema, draft 2020-12, by which editors check and complete YAML."""
        schema = cls.model_json_schema(by_alias=True)
        return json.loads(json.dumps({"$schema": DIALECT, **schema}))  # type: ignore[no-any-return]


def config_schema(schema: type[ProjectConfig] = ProjectConfig) -> dict[str, Any]:
    """Give the JSON schema, draft 2020-12, by which editors check and complete YAML.

    Args:
        schema: The project's own, if it has one.
    """
    return schema.json_schema()


def _check_optimizer(value: Any) -> list[Problem]:
    if _is_live(value) or value in OPTIMIZER_NAMES:
        return []
    if isinstance(value, str) and (value.isidentifier() or not re.search(r"[.:]", value)):
        known, hint = ", ".join(OPTIMIZER_NAMES), did_you_mean(value, OPTIMIZER_NAMES)
        message = f"must be one of {known}, or a reference 'pkg.module:name', not {value!r}.{hint}"
        return [Problem("optimizer", message)]
    return check_spelling(value, "optimizer")


def _is_live(value: Any) -> bool:
    return isinstance(value, Callable) and not isinstance(value, str | Mapping)  # type: ignore[arg-type]
