"""The existing model that the new one is compared with."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from dsf.core.config.export_section import ModelName
from dsf.core.config.sections import Section
from dsf.core.config.validation import validate_config
from dsf.core.config.value_types import Named, PathText
from dsf.core.endpoints import check_header, check_json, check_url
from dsf.core.errors import Problem
from dsf.core.references import check_spelling, is_reference
from dsf.core.suggestions import did_you_mean

__all__ = ["INCUMBENT_OPTIONS", "REFERENCES", "EvalConfig"]

LabelMap = dict[Any, Any]
Thresholds = Annotated[float, Field(ge=0, le=1)] | dict[str, Annotated[float, Field(ge=0, le=1)]]


class _Answering(Section):
    """What every model takes that answers in its own words."""

    label_map: LabelMap | None = None
    """What the model calls a label, and what the rows call it."""
    thresholds: Thresholds = 0.5
    """Of several labels a row: from which probability on a label is answered."""


class _Bundle(_Answering):
    path: PathText
    """Folder of an exported bundle; relative to the project."""
    device: str = "auto"
    """Where to compute, as torch names it; auto: a GPU if there is one."""


class _Checkpoint(_Answering):
    path: PathText
    """A run folder, or the file of a model; relative to the project."""


class _File(_Answering):
    path: PathText
    """A CSV or Parquet file; relative to the project."""
    id_column: str = "row_id"
    """Column that tells the rows apart, in the file and in the rows alike."""


class _Function(_Answering):
    function: Named
    """Reference to the function, or to a class whose object is called."""
    takes: Literal["texts", "text", "rows"] = "texts"
    """What it is given: all texts, one text at a time, or the table of rows."""


class _Http(_Answering):
    url: str
    """Where to; http:// or https://."""
    token_env: str | None = None
    """Name of the environment variable that holds the token."""
    token_header: str = "Authorization"
    """Header for it; Authorization gets Bearer before it."""
    columns: list[str] | None = None
    """Columns of the rows to send, as one object a row; null: the texts."""
    batch_size: int = Field(default=32, ge=1)
    """Rows in a request."""
    concurrency: int = Field(default=4, ge=1)
    """Requests at a time."""
    timeout: float = Field(default=30.0, gt=0)
    """Seconds for the whole of an answer, looked at whenever some of it comes."""
    retries: int = Field(default=5, ge=0)
    """Tries after the first, when the connection breaks, or on 429 and 5xx."""
    backoff: float = Field(default=0.5, ge=0)
    """Seconds; the pause doubles with each try, plus up to as much at random."""
    body: dict[str, Any] | None = None
    """What else each request holds."""
    request_path: str | None = "texts"
    """Dotted path of the texts in the request; null: they are all of it."""
    response_path: str | None = "predictions"
    """Dotted path of the list of answers in what comes; null: it is all of it."""
    answer_path: str | None = None
    """Dotted path in each answer; null: the answer itself."""
    write_request: Named = None
    """Reference to a function of the list of texts that gives the JSON to post."""
    read_response: Named = None
    """Reference to a function of the JSON that came that gives the list of answers."""

    @classmethod
    def check_together(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """Check what can be no URL, no header and no JSON."""
        return [
            *(check_url(values["url"]) if "url" in values else ()),
            *check_header(values.get("token_header", "Authorization"), "token_header"),
            *check_json(values.get("body"), "body"),
        ]


class _Registry(_Answering):
    name: ModelName | None = None
    """Name of the registered model; null: that of register_config."""
    alias: str = Field(default="champion", min_length=1)
    """Which version: an alias, or a number."""
    device: str = "auto"
    """Where to compute, as torch names it; auto: a GPU if there is one."""


class _NoOptions(Section):
    """A baseline that is fitted on the spot takes what the run knows."""


INCUMBENT_OPTIONS: dict[str, type[Section]] = {
    "bundle": _Bundle,
    "checkpoint": _Checkpoint,
    "file": _File,
    "function": _Function,
    "http": _Http,
    "most_frequent_tag": _NoOptions,
    "registry": _Registry,
    "text_baseline": _NoOptions,
}
"""Name of an incumbent → its options, as its constructor takes them; nothing here may import it."""

REFERENCES = ("function", "write_request", "read_response")
"""Options that name a function or a class."""


class EvalConfig(Section, extra="allow"):
    """The existing model that the new one is compared with.

    With ``incumbent`` its other keys are those of that model; without, they are yours.
    """

    only_given: ClassVar[bool] = True

    incumbent: Named = None
    """Name of an incumbent, or a reference to one; null: what the project's Evaluation says."""

    @classmethod
    def check_together(cls, values: Mapping[str, Any]) -> Iterable[Problem]:
        """Check the options of the incumbent."""
        named = values.get("incumbent")
        options = {key: value for key, value in values.items() if key != "incumbent"}
        if named is None:
            return []
        if isinstance(named, str) and named in INCUMBENT_OPTIONS:
            _, problems = validate_config(options, INCUMBENT_OPTIONS[named], lambda *_: "")
            return problems + [
                problem
                for key in REFERENCES
                if key in options and isinstance(options[key], str | Mapping)
                for problem in check_spelling(options[key], key)
            ]
        if not is_reference(named):
            known = ", ".join(INCUMBENT_OPTIONS)
            hint = did_you_mean(str(named), INCUMBENT_OPTIONS)
            message = f"must be one of {known}, or a reference 'pkg.module:name', not {named!r}."
            return [Problem("incumbent", message + hint)]
        return check_spelling(named, "incumbent") + [
            Problem(key, "stands beside a reference: its arguments go into init_args.")
            for key in options
        ]
