"""The section that goes to ``pl.Trainer`` as it is.

The names are those of Lightning's Trainer, written down because nothing here may import it; a test
of ``dsf.lightning`` fails when they drift apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import AfterValidator, Field, WithJsonSchema

from dsf.core.config.sections import Section
from dsf.core.errors import Problem
from dsf.core.references import check_spelling, is_reference

__all__ = ["TrainerConfig"]


def _check_amount(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
        raise ValueError("must be a number of batches, or a share of them from 0.0 to 1.0")
    if isinstance(value, float) and value > 1:
        raise ValueError("must be a whole number of batches, or a share from 0.0 to 1.0")
    return value


def _check_limit(value: int) -> int:
    if value < -1 or value == 0:
        raise ValueError("must be at least 1, since a fit of 0 leaves no model, or -1 for no limit")
    return value


def _check_train_amount(value: Any) -> Any:
    if _check_amount(value) == 0:
        raise ValueError("must be more than 0, since a fit without batches leaves no model")
    return value


Amount = Annotated[
    Any, AfterValidator(_check_amount), WithJsonSchema({"type": "number", "minimum": 0})
]
TrainAmount = Annotated[
    Any, AfterValidator(_check_train_amount), WithJsonSchema({"type": "number", "minimum": 0})
]
Limit = Annotated[
    int,
    AfterValidator(_check_limit),
    WithJsonSchema({"type": "integer", "minimum": -1, "not": {"const": 0}}),
]
Count = Annotated[int, Field(ge=0)]
Positive = Annotated[int, Field(ge=1)]
Part = Annotated[Any, WithJsonSchema({"type": ["string", "object", "null"]})]
Parts = Annotated[Any, WithJsonSchema({"type": ["array", "object", "null"]})]


class TrainerConfig(Section):
    """Arguments of pytorch_lightning.Trainer, handed on as they are; those not given stay out."""

    only_given: ClassVar[bool] = True

    accelerator: Part = None
    """Kind of device: auto, cpu, gpu, or a reference."""
    strategy: Part = None
    """How devices share the work: auto, ddp, fsdp, or a reference."""
    devices: Annotated[Any, WithJsonSchema({"type": ["integer", "string", "array"]})] = None
    """How many devices, which ones, or auto."""
    num_nodes: Positive | None = None
    """Number of machines."""
    precision: Annotated[Any, WithJsonSchema({"type": ["integer", "string", "null"]})] = None
    """Bits of a number: 32-true, 16-mixed, bf16-mixed and so on."""
    logger: Annotated[Any, WithJsonSchema({"type": ["boolean", "array", "object", "null"]})] = None
    """Where numbers go: false, or references; not given: TensorBoard and CSV in the run."""
    callbacks: Parts = None
    """List of references to callbacks."""
    fast_dev_run: bool | Count | None = None
    """Run that many batches of everything and keep nothing, to find bugs."""
    max_epochs: Limit | None = 1
    """Times through the training rows; -1: until stopped."""
    min_epochs: Count | None = None
    """Epochs before early stopping may stop."""
    max_steps: Limit | None = None
    """Optimizer steps to stop after; -1: no limit."""
    min_steps: Count | None = None
    """Optimizer steps before early stopping may stop."""
    max_time: Annotated[Any, WithJsonSchema({"type": ["string", "object", "null"]})] = None
    """Time to stop after: DD:HH:MM:SS, or a mapping of days, hours, minutes, seconds."""
    limit_train_batches: TrainAmount | None = None
    """Batches of an epoch, or their share."""
    limit_val_batches: Amount | None = None
    """Batches of a validation, or their share."""
    limit_test_batches: Amount | None = None
    """Batches of a test, or their share."""
    limit_predict_batches: Amount | None = None
    """Batches of a prediction, or their share."""
    overfit_batches: Amount | None = None
    """Train and validate on these batches only, to find bugs."""
    val_check_interval: Annotated[Any, WithJsonSchema({"type": ["number", "string", "object"]})] = (
        None
    )
    """Training batches between two validations, or their share, or a time."""
    check_val_every_n_epoch: Positive | None = None
    """Epochs between two validations."""
    num_sanity_val_steps: Annotated[int, Field(ge=-1)] | None = 0
    """Validation batches to try before the first epoch; -1: all."""
    log_every_n_steps: Count | None = 20
    """Optimizer steps between two logged numbers."""
    enable_checkpointing: bool | None = None
    """Whether checkpoints are saved."""
    enable_progress_bar: bool | None = None
    """Whether a progress bar is shown."""
    enable_model_summary: bool | None = None
    """Whether the layers are listed before the fit."""
    accumulate_grad_batches: Positive | None = None
    """Batches whose gradients make one optimizer step."""
    gradient_clip_val: Annotated[float, Field(ge=0)] | None = None
    """Largest norm or value of the gradients."""
    gradient_clip_algorithm: Literal["norm", "value"] | None = None
    """What gradient_clip_val limits."""
    deterministic: bool | Literal["warn"] | None = None
    """Whether operations that are not reproducible are errors."""
    benchmark: bool | None = None
    """Whether cuDNN tries out its algorithms."""
    inference_mode: bool | None = None
    """Whether evaluation uses torch.inference_mode."""
    use_distributed_sampler: bool | None = None
    """Whether each device is given rows of its own."""
    profiler: Part = None
    """What measures where time goes: simple, advanced, or a reference."""
    detect_anomaly: bool | None = None
    """Whether to look for NaN in the backward pass; slow."""
    barebones: bool | None = None
    """Whether to leave out all that takes time, to measure."""
    plugins: Parts = None
    """References to plugins."""
    sync_batchnorm: bool | None = None
    """Whether batch norms of all devices are one."""
    reload_dataloaders_every_n_epochs: Count | None = None
    """Epochs after which the data loaders are made anew; 0: never."""
    default_root_dir: Any = None
    """Folder for files of Lightning; not given: the step's folder."""
    enable_autolog_hparams: bool | None = None
    """Whether hyper-parameters are logged at the start."""
    model_registry: str | None = None
    """Name in Lightning's model registry."""

    @classmethod
    def check_together(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """Check the spelling of references."""
        problems: list[Problem] = []
        for key in ("callbacks", "logger", "plugins"):
            problems += _check_parts(values.get(key), key)
        for key in ("accelerator", "profiler", "strategy"):
            if isinstance(value := values.get(key), Mapping):
                problems += check_spelling(value, key)
        if isinstance(values.get("callbacks"), bool | int | float):
            message = f"must be a list of references, not {values['callbacks']!r}"
            problems.append(Problem("callbacks", message))
        return problems


def _check_parts(value: Any, where: str) -> list[Problem]:
    if isinstance(value, Mapping):
        return check_spelling(value, where)
    if isinstance(value, str):
        hint = f": [{value}]" if is_reference(value) else ""
        return [Problem(where, f"must be a list of references{hint}, not the text {value!r}")]
    if not isinstance(value, list | tuple):
        return []  # nothing, a switch, or a live object
    return [
        problem
        for index, item in enumerate(value)
        if item is None or isinstance(item, str | Mapping | int | float | list)
        for problem in check_spelling(item, f"{where}.{index}")
    ]
