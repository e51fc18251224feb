"""A function, or an object that can be called, as the existing model."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from dsf.core.errors import ConfigError, Problem
from dsf.core.references import instantiate, resolve
from dsf.incumbents.asked_rows import check_texts
from dsf.incumbents.incumbent import Incumbent
from dsf.incumbents.own_functions import call_own, name_own
from dsf.incumbents.progress import asking

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["TAKES", "CallableIncumbent"]

TAKES = ("texts", "text", "rows")
"""What may be given to a callable: all texts, one text at a time, or the table of rows."""

_WITHOUT_TEXTS = "With `takes: rows` (eval_config) the function is given the table of rows."


class CallableIncumbent(Incumbent):
    """Lets any callable answer.

    Args:
        function: A reference: ``"module:function"``, with arguments ``{module, func, kwargs}``,
            or a class whose object is made once, ``{class_path, init_args}``; or a live callable.
        takes: ``texts``: it is given a list of texts and gives one answer each. ``text``: it is
            given one text. ``rows``: it is given the rows, without their labels.
        **labels: What :class:`dsf.incumbents.Incumbent` takes.

    Raises:
        ConfigError: If ``takes`` is none of these.
    """

    def __init__(self, function: Any, *, takes: str = "texts", **labels: Any) -> None:
        super().__init__(**labels)
        self.function = function
        self.takes = takes
        self._made: Any = None
        if takes not in TAKES:
            message = f"must be one of {', '.join(TAKES)}, but is {takes!r}."
            raise ConfigError("The existing model cannot be asked.", [Problem("takes", message)])

    def answer(self, rows: pd.DataFrame, labels: Any) -> Any:  # noqa: ARG002
        """Call it.

        Raises:
            BadReferenceError: If there is no such callable.
            ConfigError: If it takes texts, and the rows have none.
            DataError: If some rows have none.
            HookRaisedError: If it ended with an error of its own.
        """
        call = self._make()
        if self.takes == "rows":
            return call_own(call, self.name(), rows)
        check_texts(rows, self.text_column, _WITHOUT_TEXTS)
        texts = rows[self.text_column].tolist()
        if self.takes == "texts":
            return call_own(call, self.name(), texts)
        answers = []
        with asking(self.name(), len(texts)) as advance:
            for text in texts:
                answers.append(call_own(call, self.name(), text))
                advance()
        return answers

    def name(self) -> str:
        """Give the name of the callable."""
        return name_own(self.function)

    def _make(self) -> Any:
        """Give what is called; a class is made into its object, once."""
        if self._made is None:
            where = "eval_config.function"
            found = resolve(self.function, where=where)
            target = found.func if isinstance(found, functools.partial) else found
            self._made = instantiate(self.function, where=where) if _is_class(target) else found
            if not callable(self._made):
                message = f"must give what can be called, but {self.name()} gives none."
                raise ConfigError("There is no existing model.", [Problem(where, message)])
        return self._made


def _is_class(target: Any) -> bool:
    return isinstance(target, type)
