"""The champion of a registered model as the existing model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dsf.core.errors import HookError
from dsf.incumbents.bundle_incumbent import BundleIncumbent
from dsf.incumbents.incumbent import Incumbent
from dsf.registry import REGISTRY_CACHE

if TYPE_CHECKING:
    import pandas as pd

    from dsf.base.steps import StepContext

__all__ = ["RegistryIncumbent"]


class RegistryIncumbent(Incumbent):
    """Answers with the version of a registered model that is in use.

    The step ``eval`` has looked it up: its bundle is fetched, verified, and asked as
    :class:`dsf.incumbents.BundleIncumbent` asks it. Bundles are kept beside the runs, by their
    hashes, and fetched once.

    Args:
        name: Name of the registered model; ``None``: that of ``register_config``.
        alias: Which version: an alias, or a number.
        device: Where to compute, as torch names it; ``auto``: a GPU if there is one.
        context: The step that asks; :func:`dsf.incumbents.answer_with_incumbent` gives it.
        **labels: What :class:`dsf.incumbents.Incumbent` takes.
    """

    def __init__(
        self,
        *,
        name: str | None = None,
        alias: str = "champion",
        device: str = "auto",
        context: StepContext | None = None,
        **labels: Any,
    ) -> None:
        super().__init__(**labels)
        self.model = name
        self.alias = alias
        self.device = device
        self.context = context
        self._labels = labels
        self._bundle: BundleIncumbent | None = None

    def answer(self, rows: pd.DataFrame, labels: Any) -> Any:
        """Fetch the bundle and let it answer.

        Raises:
            BundleError: If it is not what was registered; lists all that is wrong.
            IncumbentError: If it is of another kind of task, or knows labels that the rows have
                not.
            HookError: If it was not given a step that has looked the version up.
        """
        if self.context is None or self.context.options.get("registered") is None:
            raise HookError(
                "RegistryIncumbent needs the step that has looked the version up, but has none. "
                "Use dsf.incumbents.answer_with_incumbent in Evaluation.execute."
            )
        found = self.context.options["registered"]
        folder = found.download(self.context.run.parent / REGISTRY_CACHE)
        self._bundle = BundleIncumbent(folder, device=self.device, **self._labels)
        self._bundle.called = self.name()
        answers = self._bundle.answer(rows, labels)
        self.notes += self._bundle.notes
        return answers

    def name(self) -> str:
        """Give the address of the version."""
        found = None if self.context is None else self.context.options.get("registered")
        return f"models:/{self.model}@{self.alias}" if found is None else str(found.uri)

    def knows(self) -> set[Any]:
        """Give the labels of the bundle, once it has answered."""
        return set() if self._bundle is None else self._bundle.knows()
