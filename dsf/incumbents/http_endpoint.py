"""A model that answers over HTTP."""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import partial
from typing import TYPE_CHECKING, Any

from dsf.core.endpoints import check_header, check_json, check_url
from dsf.core.errors import ConfigError, Problem
from dsf.core.references import resolve
from dsf.incumbents.asked_rows import check_columns, check_texts
from dsf.incumbents.http_client import HttpClient, read_token, shorten_url
from dsf.incumbents.incumbent import Incumbent
from dsf.incumbents.json_path import JsonPathError, find_json, place_json
from dsf.incumbents.own_functions import call_own, name_own
from dsf.incumbents.progress import asking

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

__all__ = ["HttpEndpoint"]

log = logging.getLogger("dsf")

_WITHOUT_TEXTS = "With `columns` (eval_config) it is sent what others the rows have."


class HttpEndpoint(Incumbent):
    """Posts batches of texts, or of rows, to a URL and reads the answers.

    With nothing but a URL it posts ``{"texts": ["…", "…"]}`` and expects
    ``{"predictions": [answer, answer]}``, each in a form of
    :func:`dsf.incumbents.answers.read_answers`. The first batch goes alone, so that what is wrong
    with all of them is said after one request.

    Args:
        url: Where to; ``http://`` or ``https://``.
        token_env: Name of the environment variable that holds the token, which goes into no
            config, log or message.
        token_header: Header for it; ``Authorization`` gets ``Bearer`` before it.
        columns: Columns of the rows to send, as one object a row; ``None``: the texts.
        batch_size: Rows in a request.
        concurrency: Requests at a time.
        timeout: Seconds for the whole of an answer, looked at whenever some of it comes.
        retries: Tries after the first, when the connection breaks, or on 429 and 5xx.
        backoff: Seconds; the pause doubles with each try, plus up to as much at random.
        body: What else each request holds, such as ``{parameters: {top_k: null}}``.
        request_path: Dotted path of the texts in the request; ``None``: they are all of it.
        response_path: Dotted path of the list of answers in what comes; ``None``: it is all of it.
        answer_path: Dotted path in each answer; ``None``: the answer itself.
        write_request: Reference to a function of the list of texts (or objects) that gives the
            JSON to post, in place of ``body`` and ``request_path``.
        read_response: Reference to a function of the JSON that came that gives the list of
            answers, in place of the two other paths.
        **labels: What :class:`dsf.incumbents.Incumbent` takes.

    Raises:
        ConfigError: If the URL, a number or another option cannot be used; lists all of them.
    """

    def __init__(
        self,
        url: str,
        *,
        token_env: str | None = None,
        token_header: str = "Authorization",
        columns: Sequence[str] | None = None,
        batch_size: int = 32,
        concurrency: int = 4,
        timeout: float = 30.0,
        retries: int = 5,
        backoff: float = 0.5,
        body: Mapping[str, Any] | None = None,
        request_path: str | None = "texts",
        response_path: str | None = "predictions",
        answer_path: str | None = None,
        write_request: Any = None,
        read_response: Any = None,
        **labels: Any,
    ) -> None:
        super().__init__(**labels)
        self.url = url
        self.token_env = token_env
        self.token_header = token_header
        self.columns = None if columns is None else list(columns)
        self.batch_size = batch_size
        self.concurrency = concurrency
        self.timeout = timeout
        self.retries = retries
        self.backoff = backoff
        self.body = dict(body or {})
        self.request_path = request_path
        self.response_path = response_path
        self.answer_path = answer_path
        self.write_request = write_request
        self.read_response = read_response
        self._check()

    def answer(self, rows: pd.DataFrame, labels: Any) -> Any:  # noqa: ARG002
        """Post the rows in batches; the answers come back in the order of the rows.

        Raises:
            IncumbentError: If a batch is not answered, or not one answer a row.
            ConfigError: If the token is not set, or a column is not there.
            DataError: If a row has no text.
        """
        items, started = self._list_items(rows), time.monotonic()
        write, read = self._hooks()
        headers = read_token(self.token_env, self.token_header) if self.token_env else {}
        client = HttpClient(
            self.url,
            headers,
            timeout=self.timeout,
            retries=self.retries,
            backoff=self.backoff,
            connections=self.concurrency,
        )
        size = self.batch_size
        batches = [items[start : start + size] for start in range(0, len(items), size)]
        try:
            answers = self._ask_all(client, batches, write, read)
        finally:
            client.close()
        seconds = max(time.monotonic() - started, 1e-9)
        log.info(
            "%s answered %d rows in %.1f s (%.0f a second)",
            self.name(),
            len(items),
            seconds,
            len(items) / seconds,
        )
        return [answer for batch in answers for answer in batch]

    def name(self) -> str:
        """Give the URL, without its query."""
        return shorten_url(self.url)

    def _ask_all(
        self, client: HttpClient, batches: Sequence[list[Any]], write: Any, read: Any
    ) -> list[list[Any]]:
        """Ask for all batches, several at a time, with a progress bar on a terminal."""

        def ask(batch: list[Any]) -> list[Any]:
            body = write(batch) if write else place_json(self.body, self.request_path, batch)
            return self._read(client, client.post(body), len(batch), read)

        if not batches:
            return []
        with asking(self.name(), len(batches)) as advance:
            found = {0: ask(batches[0])}
            advance()
            pool = ThreadPoolExecutor(self.concurrency)
            try:
                waiting = {pool.submit(ask, batch): at for at, batch in enumerate(batches) if at}
                for done in as_completed(waiting):
                    found[waiting[done]] = done.result()
                    advance()
            finally:
                # After an error, what was not begun is not asked for.
                pool.shutdown(wait=True, cancel_futures=True)
        return [found[at] for at in range(len(batches))]

    def _read(self, client: HttpClient, content: Any, rows: int, read: Any) -> list[Any]:
        """Take the answers of a batch out of what came."""
        words = partial(client.first_words, content)
        try:
            answers = read(content) if read else find_json(content, self.response_path)
            if not isinstance(answers, list):
                kind = type(answers).__name__
                raise client.error(f"must give a list of answers, but gave {kind}: {words()}")
            if len(answers) != rows:
                raise client.error(
                    f"must give one answer a row, but gave {len(answers)} for {rows}: {words()}"
                )
            return answers if read else [find_json(one, self.answer_path) for one in answers]
        except JsonPathError as error:
            raise client.error(
                f"must have answers at response_path {self.response_path!r} and answer_path "
                f"{self.answer_path!r} (eval_config), but {error} in {words()}"
            ) from None

    def _list_items(self, rows: pd.DataFrame) -> list[Any]:
        """Give what stands for each row in a request."""
        if self.columns is None:
            check_texts(rows, self.text_column, _WITHOUT_TEXTS)
            return [str(text) for text in rows[self.text_column]]
        check_columns(rows, self.columns, "eval_config.columns")
        records = rows[self.columns].to_dict(orient="records")
        return [{str(key): _plain(value) for key, value in row.items()} for row in records]

    def _hooks(self) -> tuple[Any, Any]:
        """Give the functions that write requests and read answers, if they are named."""
        pairs = {"write_request": self.write_request, "read_response": self.read_response}
        write, read = (
            None
            if given is None
            else partial(call_own, resolve(given, where=f"eval_config.{key}"), name_own(given))
            for key, given in pairs.items()
        )
        return write, read

    def _check(self) -> None:
        least = {"batch_size": 1, "concurrency": 1, "retries": 0, "backoff": 0}
        problems = [
            *check_url(self.url),
            *check_header(self.token_header, "token_header"),
            *check_json(self.body, "body"),
        ]
        problems += [
            Problem(key, f"must be at least {low}, but is {getattr(self, key)!r}.")
            for key, low in least.items()
            if getattr(self, key) < low
        ]
        if self.timeout <= 0:
            problems.append(Problem("timeout", f"must be above 0, but is {self.timeout!r}."))
        if problems:
            raise ConfigError("The existing model cannot be asked.", problems)


def _plain(value: Any) -> Any:
    """Make a value that JSON can hold: numpy's as Python's, dates as text, what is missing null.

    What is in lists and mappings, too.
    """
    value = value.tolist() if hasattr(value, "tolist") else value
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, float):
        return None if math.isnan(value) else value
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return None if str(value) in ("NaT", "<NA>") else str(value)
