"""The config: typed sections, loaded from layers, and recorded as plain data."""

from __future__ import annotations

from dsf.core.config.diff import ABSENT, Change, diff_configs
from dsf.core.config.freeze import (
    dump_config,
    dump_sections,
    freeze_config,
    hash_config,
    read_frozen_config,
)
from dsf.core.config.loading import Config, load_config, resolve_config
from dsf.core.config.metrics_section import METRIC_NAMES
from dsf.core.config.named_objects import check_names, find_names, looking_up_names
from dsf.core.config.schema import (
    AbstainConfig,
    BootstrapConfig,
    CalibrationConfig,
    ComparisonConfig,
    DatasetConfig,
    EvalConfig,
    MetricsConfig,
    ModelConfig,
    PathsConfig,
    ProjectConfig,
    TrackingConfig,
    WarmStartConfig,
    config_schema,
)
from dsf.core.config.sections import KeysProblem, Section
from dsf.core.config.sources import Sources
from dsf.core.config.trainer_section import TrainerConfig

__all__ = [
    "ABSENT",
    "METRIC_NAMES",
    "AbstainConfig",
    "BootstrapConfig",
    "CalibrationConfig",
    "Change",
    "ComparisonConfig",
    "Config",
    "DatasetConfig",
    "EvalConfig",
    "KeysProblem",
    "MetricsConfig",
    "ModelConfig",
    "PathsConfig",
    "ProjectConfig",
    "Section",
    "Sources",
    "TrackingConfig",
    "TrainerConfig",
    "WarmStartConfig",
    "check_names",
    "config_schema",
    "diff_configs",
    "dump_config",
    "dump_sections",
    "find_names",
    "freeze_config",
    "hash_config",
    "load_config",
    "looking_up_names",
    "read_frozen_config",
    "resolve_config",
]
