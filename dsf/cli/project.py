"""The project that a command works on: found from the working folder, imported, checked."""

from __future__ import annotations

import functools
import sys
import traceback
from dataclasses import dataclass
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from dsf.cli.answering import answer
from dsf.core.errors import DsfError, MissingExtraError, ProjectError
from dsf.core.places import find_place

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType
    from typing import Protocol

    from dsf.base import Main
    from dsf.core.config import Config

    class Loader(Protocol):
        """``load`` of a project's ``trainer/config.py``."""

        def __call__(self, env: str | None = None, overrides: Sequence[str] = ()) -> Config:
            """Give the resolved config."""


__all__ = [
    "Project",
    "find_project",
    "import_config",
    "load_config_of",
    "load_project",
    "run_project",
]

_MAIN_FILE = Path("trainer") / "trainer_main.py"
_CONFIG_FILE = Path("trainer") / "config.py"
_TRAINING_PACKAGES = frozenset(
    {
        *{"matplotlib", "numpy", "pandas", "pyarrow", "pytorch_lightning", "sklearn"},
        *{"tensorboard", "torch", "torchmetrics"},
    }
)


@dataclass(frozen=True)
class Project:
    """What the commands need of a project.

    Attributes:
        root: The folder that holds ``trainer/``.
        main_class: Its one subclass of :class:`dsf.base.Main`.
        load: Reads its config.
    """

    root: Path
    main_class: type[Main]
    load: Loader


def find_project(start: Path | None = None) -> Path:
    """Find the nearest folder, from ``start`` upward, that holds ``trainer/trainer_main.py``.

    Args:
        start: Where to begin; ``None`` for the working folder.

    Raises:
        ProjectError: If there is none.
    """
    begin = (start or Path.cwd()).resolve()
    for folder in (begin, *begin.parents):
        if (folder / _MAIN_FILE).is_file():
            return folder
    raise ProjectError(
        f"This command works in a project: {begin} or a folder above it must hold {_MAIN_FILE}, "
        "but none does. Go into a project, or make one with `dsf-cli new-project NAME`."
    )


def load_project(start: Path | None = None) -> Project:
    """Import the project around ``start``.

    Raises:
        ProjectError: If there is no project, or it cannot be imported, or does not have exactly
            one ``Main`` and a ``load``.
        MissingExtraError: If the training packages are not installed.
    """
    root = find_project(start)
    main = _import(root, "trainer.trainer_main")
    return Project(root, _find_main_class(main), load_config_of(root))


def import_config(root: Path) -> ModuleType:
    """Import ``trainer/config.py`` of the project at ``root``, and nothing else of it."""
    return _import(root, "trainer.config")


def load_config_of(root: Path) -> Loader:
    """Give ``load`` of the project at ``root``.

    Raises:
        ProjectError: If there is none.
    """
    load: Loader | None = getattr(import_config(root), "load", None)
    if not callable(load):
        raise ProjectError(
            f"{root / _CONFIG_FILE} must define load(env=None, overrides=()), which "
            "gives the config, but does not."
        )
    return _checked(load, root)


def run_project(main_class: type[Main], load: Loader, argv: Sequence[str] | None = None) -> int:
    """Be ``dsf-cli run`` for ``python -m trainer.trainer_main``: same flags, same exit codes.

    Args:
        main_class: The project's ``Main``.
        load: Reads its config.
        argv: Arguments; ``None`` for this process's own.

    Returns:
        The exit code.
    """
    from dsf.cli.commands.run import command

    root = main_class.project_dir()
    project = Project(root, main_class, _checked(load, root))
    return answer(command, argv, program="python -m trainer.trainer_main", project=project)


def _import(root: Path, name: str) -> ModuleType:
    """Import a module of the project; an error names the line of the project that it comes from."""
    if sys.path[:1] != [str(root)]:
        sys.path.insert(0, str(root))
    try:
        module = import_module(name)
    except DsfError:
        raise
    except Exception as error:
        missing = _missing_training_package(error)
        if missing:
            raise MissingExtraError(
                f"{find_place(error, root)}: the project needs the package {missing!r}, which is "
                "not installed. Install what training needs with:\n"
                "    dsf-cli install-trainer-packages\n"
                "or, where the right torch is there already, with:\n"
                "    pip install 'dsf-trainer[train]'"
            ) from error
        raise ProjectError(
            f"{find_place(error, root)}: {name} must be importable, but raises "
            f"{type(error).__name__}: {error}"
        ) from error
    origin = Path(module.__file__ or "").resolve()
    if not origin.is_relative_to(root):
        raise ProjectError(
            f"{name} must be imported from {root}, but another package of that name in {origin} "
            "is found first. Uninstall that one, or rename it."
        )
    return module


def _checked(load: Loader, root: Path) -> Loader:
    """Put a check around a project's ``load``: it must give a config, or say what is wrong."""

    @functools.wraps(load)
    def checked(env: str | None = None, overrides: Sequence[str] = ()) -> Config:
        from dsf.core.config import Config

        try:
            config = load(env=env, overrides=overrides)
        except DsfError:
            raise
        except Exception as error:
            if _comes_from_dsf(error):
                raise
            raise ProjectError(
                f"{find_place(error, root)}: load must give the config, but raises "
                f"{type(error).__name__}: {error}"
            ) from error
        if not isinstance(config, Config):
            raise ProjectError(
                f"{root / _CONFIG_FILE}: load must return the Config that load_config or "
                f"resolve_config gives, but returns {_describe(config)}."
            )
        return config

    return checked


def _comes_from_dsf(error: Exception) -> bool:
    """Say whether an error was raised by dsf's own code and not by what called it."""
    frames = traceback.extract_tb(error.__traceback__)
    return Path(frames[-1].filename).resolve().is_relative_to(Path(__file__).resolve().parents[1])


def _describe(value: object) -> str:
    return "nothing (None)" if value is None else f"an object of {type(value).__qualname__}"


def _missing_training_package(error: Exception) -> str | None:
    """Name the training package whose absence is the error; ``None`` for any other error."""
    if not isinstance(error, ModuleNotFoundError) or not error.name:
        return None
    package = error.name.partition(".")[0]
    absent = package in _TRAINING_PACKAGES and find_spec(package) is None
    return package if absent else None


def _find_main_class(module: ModuleType) -> type[Main]:
    """Find the one subclass of ``Main`` that the module itself defines."""
    from dsf.base import Main

    found = [
        thing
        for thing in vars(module).values()
        if isinstance(thing, type)
        and issubclass(thing, Main)
        and thing.__module__ == module.__name__
    ]
    if len(found) != 1:
        names = ", ".join(thing.__name__ for thing in found) or "none"
        raise ProjectError(
            f"{module.__file__} must define exactly one subclass of dsf.base.Main, but defines "
            f"{names}. Put others into files of their own and import them."
        )
    return found[0]
