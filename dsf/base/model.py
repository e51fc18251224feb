"""The project's model: made new, or loaded from a file."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING, Any, final

from dsf.base.hooks import call_hook, hook_errors, result_error
from dsf.core.bundle import Bundle
from dsf.core.errors import NotExportableError, Problem

if TYPE_CHECKING:
    from dsf.base.export_request import ExportRequest
    from dsf.base.warm_start import WarmStart

__all__ = ["Model"]


class Model(ABC):
    """Makes the model to train, and brings a trained one back.

    ``Main`` calls :meth:`get_model` before the fit and :meth:`get_trained_model` before the test.
    The first calls :meth:`define_model`, the second :meth:`load_model`. If the config names weights
    to begin with, :meth:`get_begun` comes between, which calls :meth:`begin_with`. The export calls
    :meth:`get_bundle`, which calls :meth:`export_bundle`.

    You must write: :meth:`define_model`.
    You may write: :meth:`load_model`, :meth:`begin_with`, :meth:`export_bundle`.

    Attributes:
        model_config: Section of the config, with ``num_classes`` and ``label_names`` filled in.
        metrics_config: Section ``metrics`` of the config.
        trainer_config: Section of the config.
        save_path: Folder that the step writes to.
        model: What the hooks made; ``None`` before.
    """

    def __init__(
        self,
        model_config: dict[str, Any],
        metrics_config: dict[str, Any] | None = None,
        trainer_config: dict[str, Any] | None = None,
        save_path: Path | str = ".",
    ) -> None:
        self.model_config = model_config
        self.metrics_config = metrics_config or {}
        self.trainer_config = trainer_config or {}
        self.save_path = Path(save_path)
        self.model: Any = None

    @abstractmethod
    def define_model(self) -> Any:
        """Make a new, untrained model. Return it or set ``self.model``."""

    def load_model(self, model_path: Path) -> Any:
        """Bring back the model that ``Train`` left in ``model_path``. Return it.

        As it stands: makes a new model and calls its ``load_weights(model_path)``, which models
        of :mod:`dsf.lightning` have. Write your own for any other kind of file.
        """
        model = self.get_model()
        if not hasattr(model, "load_weights"):
            raise result_error(
                self,
                "load_model",
                f"must be written: a {type(model).__name__} has no load_weights(path) that could "
                "be called for you",
            )
        model.load_weights(model_path)
        return model

    def begin_with(self, start: WarmStart) -> Any:
        """Give the new model, ``self.model``, the weights of another one. Return their rest.

        That is a list of the names of weights that stay as ``define_model`` made them. As it
        stands: calls ``self.model.begin_with(start)``, which models of :mod:`dsf.lightning` have.

        Args:
            start: ``start.path`` is the file of the other model; ``start.parts`` says what to take
                of it.
        """
        if not hasattr(self.model, "begin_with"):
            raise result_error(
                self,
                "begin_with",
                f"must be written: a {type(self.model).__name__} has no begin_with(start) that "
                "could be called for you. For a module of torch, return "
                "dsf.lightning.begin_with(self.model, start, self.model_config). For any other "
                "model, read start.path, or leave warm_start_config.source out",
            )
        return self.model.begin_with(start)

    def export_bundle(self, request: ExportRequest) -> Bundle | None:
        """Write the trained model, ``self.model``, as a bundle. Return it.

        As it stands: calls ``self.model.export_bundle(request)``, which models of
        :mod:`dsf.lightning` have; a model without it cannot be exported, which is ``None``.

        Args:
            request: Where the bundle goes, and what is known of it.
        """
        export = getattr(self.model, "export_bundle", None)
        return None if export is None else export(request)

    @final
    def get_model(self) -> Any:
        """Give the new model, made on the first call.

        Raises:
            HookResultError: If :meth:`define_model` gave none.
        """
        if self.model is None:
            call_hook(self, "define_model", "model", "a model")
        return self.model

    @final
    def get_begun(self, start: WarmStart) -> list[str]:
        """Let the new model begin with another one; give what it keeps of its own.

        Args:
            start: The other model.

        Raises:
            ConfigError: If the two do not fit.
            HookResultError: If the model can begin with nothing.
        """
        self.get_model()
        with hook_errors(self, "begin_with"):
            rest = self.begin_with(start)
        return [str(name) for name in rest or ()]

    @final
    def get_bundle(self, request: ExportRequest) -> Bundle:
        """Give the trained model as a bundle.

        Args:
            request: Where it goes; its ``model_path`` names the model.

        Raises:
            NotExportableError: If the model is of a kind that cannot be one.
            BundleError: If it cannot be made.
            HookResultError: If :meth:`export_bundle` gave something else.
        """
        assert request.model_path is not None
        self.get_trained_model(request.model_path)
        with hook_errors(self, "export_bundle"):
            bundle = self.export_bundle(request)
        if bundle is None:
            message = (
                f"must be written: a {type(self.model).__name__} has no export_bundle(request) "
                "that could be called for you."
            )
            problem = Problem(f"{type(self).__name__}.export_bundle", message)
            raise NotExportableError("The model cannot be exported.", [problem])
        if not isinstance(bundle, Bundle):
            came = type(bundle).__name__
            raise result_error(self, "export_bundle", f"must return a dsf.core Bundle, not {came}")
        return bundle

    @final
    def get_trained_model(self, model_path: Path) -> Any:
        """Give the model that was trained.

        Raises:
            HookResultError: If :meth:`load_model` gave none.
        """
        with hook_errors(self, "load_model"):
            self.model = self.load_model(model_path) or self.model
        if self.model is None:
            raise result_error(self, "load_model", "must return the loaded model, but did not")
        return self.model
