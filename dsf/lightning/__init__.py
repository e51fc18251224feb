"""The base classes' parts on PyTorch Lightning: data, module, optimizers, callbacks, resume."""

from dsf.lightning.checkpoints import BestCheckpoint, LastCheckpoint
from dsf.lightning.data_module import DataModule
from dsf.lightning.module import PlModel
from dsf.lightning.optimizers import build_optimizer
from dsf.lightning.schedules import build_schedule
from dsf.lightning.tabular_bundling import export_tabular_bundle
from dsf.lightning.token_data_module import TokenDataModule
from dsf.lightning.token_rows import TokenRows
from dsf.lightning.trainer import build_tester, build_trainer
from dsf.lightning.weights import begin_with

__all__ = [
    "BestCheckpoint",
    "DataModule",
    "LastCheckpoint",
    "PlModel",
    "TokenDataModule",
    "TokenRows",
    "begin_with",
    "build_optimizer",
    "build_schedule",
    "build_tester",
    "build_trainer",
    "export_tabular_bundle",
]
