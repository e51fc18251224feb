"""What every section of a config has in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, get_args, get_origin

from pydantic import (
    BaseModel,
    ConfigDict,
    ValidationError,
    ValidatorFunctionWrapHandler,
    field_validator,
)

from dsf.core.config.environment import EnvironmentText
from dsf.core.config.tree import copy_tree
from dsf.core.errors import Problem
from dsf.core.yaml_text import parse_yaml

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pydantic.fields import FieldInfo

    from dsf.core.yaml_text import KeyPath

__all__ = ["KeysProblem", "Section"]


@dataclass(frozen=True)
class KeysProblem(Problem):
    """A problem between several keys of a section: its message says where each of them was set.

    Attributes:
        keys: Names of the keys, in the section.
    """

    keys: tuple[str, ...] = ()


class Section(BaseModel):
    """A section of the config: typed keys, no others.

    Derive from it to type a section of your own, and name it in a subclass of ``ProjectConfig``::

        class TrainerConfig(Section):
            max_iter: int = Field(default=100, ge=1)
            '''Rounds of the solver.'''

        class SklearnConfig(ProjectConfig):
            trainer_config: TrainerConfig = Field(default_factory=TrainerConfig)

        load_config("trainer/config.yaml", schema=SklearnConfig)

    With ``class TrainerConfig(Section, extra="allow")`` it takes other keys too.
    """

    model_config: ClassVar[ConfigDict] = ConfigDict(
        extra="forbid",
        strict=True,
        allow_inf_nan=False,
        arbitrary_types_allowed=True,
        protected_namespaces=(),
        use_attribute_docstrings=True,
    )

    only_given: ClassVar[bool] = False
    """Whether keys that are not given stay out of the config, unless they have a value."""

    secret_keys: ClassVar[frozenset[str]] = frozenset()
    """Keys whose values may hold a password: no message shows what came there."""

    @classmethod
    def check_together(cls, values: Mapping[str, Any]) -> Iterable[Problem]:  # noqa: ARG003
        """List what is wrong between keys, or inside of values that have no simple type.

        You may write this. It is called once per load, whatever else is wrong, so that all
        problems can be told at once.

        Args:
            values: The keys that are right by themselves, and the defaults of those not given.

        Returns:
            Problems whose ``where`` is relative to the section; empty for the section itself. A
            :class:`KeysProblem` names all keys that it is about.
        """
        return ()

    @field_validator("*", mode="wrap")
    @classmethod
    def _read_environment(cls, value: Any, handler: ValidatorFunctionWrapHandler) -> Any:
        """Read the text of an environment variable as YAML where text will not do."""
        try:
            read = handler(value)
            # pydantic makes plain text of it, which would forget where it came from.
            return value if isinstance(value, EnvironmentText) and read == value else read
        except ValidationError:
            if not isinstance(value, EnvironmentText):
                raise
            document = parse_yaml(value)
            if document.faults or isinstance(document.data, str):
                raise
            return handler(document.data)

    @classmethod
    def key_fields(cls) -> Iterator[tuple[str, str, FieldInfo]]:
        """Give each known key with the attribute and the field behind it."""
        for name, info in cls.model_fields.items():
            yield info.alias or name, name, info

    @classmethod
    def child_section(cls, key: str | int) -> type[Section] | None:
        """Give the class of the section that stands under a key; ``None`` if there is none."""
        for known, _, info in cls.key_fields():
            if known == key:
                parts = get_args(info.annotation)
                kinds = (info.annotation, *parts) if type(None) in parts else (info.annotation,)
                return next((kind for kind in kinds if _is_section(kind)), None)
        return None

    @classmethod
    def find_sections(
        cls, data: Mapping[Any, Any], path: KeyPath = ()
    ) -> Iterator[tuple[KeyPath, type[Section]]]:
        """Give this section and each one in it, lists and mappings of them too, with its path.

        Args:
            data: What is there; where it is no mapping, there is no section.
            path: Where this section is.
        """
        yield path, cls
        for key, _, info in cls.key_fields():
            yield from _find_sections(info.annotation, data.get(key), (*path, key))

    def to_plain(self) -> dict[str, Any]:
        """Give the section as nested dicts and lists, by public key; live objects stay."""
        plain: dict[str, Any] = {}
        for key, name, _ in self.key_fields():
            value = getattr(self, name)
            if not self.only_given or name in self.model_fields_set or value is not None:
                plain[key] = _to_plain(value)
        for key, value in (self.model_extra or {}).items():
            plain[key] = copy_tree(value)
        return plain


def _to_plain(value: Any) -> Any:
    if isinstance(value, Section):
        return value.to_plain()
    if type(value) is list:
        return [_to_plain(item) for item in value]
    if type(value) is dict:
        return {key: _to_plain(item) for key, item in value.items()}
    return copy_tree(value)


def _is_section(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, Section)


def _find_sections(
    annotation: Any, value: Any, path: KeyPath
) -> Iterator[tuple[KeyPath, type[Section]]]:
    if _is_section(annotation):
        if isinstance(value, dict):
            yield from annotation.find_sections(value, path)
        return
    origin, parts = get_origin(annotation), get_args(annotation)
    children: list[tuple[Any, Any, KeyPath]] = []
    if origin is list and isinstance(value, list):
        children = [(parts[0], item, (*path, index)) for index, item in enumerate(value)]
    elif origin is dict and isinstance(value, dict):
        children = [(parts[1], item, (*path, key)) for key, item in value.items()]
    elif origin not in (list, dict):
        children = [(part, value, path) for part in parts]
    for child in children:
        yield from _find_sections(*child)
