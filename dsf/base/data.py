"""The project's data: rows become what the model eats."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any, final

from dsf.base.hooks import call_hook

__all__ = ["Data"]


class Data(ABC):
    """Holds the rows of one run and makes the data module from them.

    ``Main`` builds it for the fit and again for the test, and calls :meth:`get_data_module`,
    which calls :meth:`create_data_module` once.

    You must write: :meth:`create_data_module`.

    Attributes:
        model_config: Section of the config, with ``num_classes`` and ``label_names`` filled in.
        dataset_config: Section of the config.
        dataset_train: Training rows, a ``pandas.DataFrame`` with a column ``row_id``.
        dataset_validation: Validation rows.
        dataset_test: Test rows; ``None`` while the model is fitted.
        data_module: What :meth:`create_data_module` made; ``None`` before.
    """

    def __init__(
        self,
        model_config: dict[str, Any],
        dataset_config: dict[str, Any] | None = None,
        dataset_train: Any = None,
        dataset_validation: Any = None,
        dataset_test: Any = None,
    ) -> None:
        self.model_config = model_config
        self.dataset_config = dataset_config or {}
        self.dataset_train = dataset_train
        self.dataset_validation = dataset_validation
        self.dataset_test = dataset_test
        self.data_module: Any = None

    @abstractmethod
    def create_data_module(self) -> Any:
        """Make the data module from the rows. Return it or set ``self.data_module``."""

    @final
    def get_data_module(self) -> Any:
        """Give the data module, made on the first call.

        Raises:
            HookResultError: If :meth:`create_data_module` gave none.
        """
        if self.data_module is None:
            call_hook(self, "create_data_module", "data_module", "a data module")
        return self.data_module
