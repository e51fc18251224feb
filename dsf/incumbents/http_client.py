"""JSON posted to a URL, again where that may help."""

from __future__ import annotations

import json
import os
import time
from typing import TYPE_CHECKING, Any, NamedTuple

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, InvalidHeader, MaxRetryError
from urllib3.util import Retry

from dsf.core.endpoints import check_json, check_token
from dsf.core.errors import ConfigError, IncumbentError, Problem
from dsf.core.excerpts import count

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["HttpClient", "read_token", "shorten_url"]

_RETRIED = (429, *range(500, 600))
_LONGEST_WAIT = 60  # seconds, between two tries and for a Retry-After
_SHOWN = 200  # characters of an answer
_BYTES = 65536  # read at a time


class _Answer(NamedTuple):
    """One answer of the server, whole."""

    response: requests.Response
    content: bytes

    def text(self) -> str:
        """Give it as text, in UTF-8 where it is that, for few servers say what they use."""
        try:
            return self.content.decode("utf-8-sig")
        except UnicodeDecodeError:
            return self.content.decode("latin-1")


class HttpClient:
    """Posts JSON, with tries again after a broken connection, 429 and 5xx.

    The pause before a try doubles each time, with a random part on top so that many clients do
    not come back at once; a ``Retry-After`` of the server counts instead. Redirects are not
    followed: they would turn a POST into a GET, and carry the token elsewhere. Several threads may
    use one client.

    Args:
        url: Where to.
        headers: Sent with each request.
        timeout: Seconds for a connection, for each wait, and for the whole of a try. This last
            one is looked at whenever some of the answer comes.
        retries: Tries after the first one.
        backoff: Seconds before the second retry, and the largest random part.
        connections: Requests at a time.
    """

    def __init__(
        self,
        url: str,
        headers: Mapping[str, str],
        *,
        timeout: float,
        retries: int,
        backoff: float,
        connections: int,
    ) -> None:
        self.url = url
        self.timeout = timeout
        self.retries = retries
        self._secrets = [value.removeprefix("Bearer ") for value in headers.values()]
        self._headers = dict(headers)
        self._again = Retry(
            total=retries,
            allowed_methods=None,
            status_forcelist=_RETRIED,
            backoff_factor=backoff,
            backoff_jitter=backoff,
            backoff_max=_LONGEST_WAIT,
            retry_after_max=_LONGEST_WAIT,
            redirect=False,
        )
        adapter = HTTPAdapter(pool_maxsize=connections)
        self._session = requests.Session()
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def post(self, body: Any) -> Any:
        """Post one body; give the JSON of the answer.

        Raises:
            IncumbentError: If the body is no JSON, or there is no answer, its status is not 200 to
                299, or it is no JSON.
        """
        answer = self._try_all(self._write(body))
        if not answer.response.ok or answer.response.is_redirect:
            words = self.first_words(answer.text())
            tries = self._tries() if answer.response.status_code in _RETRIED else ""
            raise self.error(f"{_explain_status(answer.response, tries)} It said: {words}")
        try:
            return json.loads(answer.text())
        except ValueError:
            words = self.first_words(answer.text())
            raise self.error(f"must answer in JSON, but said: {words}") from None

    def first_words(self, answer: Any) -> str:
        """Give the beginning of an answer, on one line, without our secrets."""
        text = answer if isinstance(answer, str) else json.dumps(answer)
        for secret in self._secrets:
            text = text.replace(secret, "***")
        short = " ".join(text.split())
        return repr(short if len(short) <= _SHOWN else f"{short[:_SHOWN]}…")

    def error(self, message: str) -> IncumbentError:
        """Make the error that says what is wrong with this URL."""
        problem = Problem(shorten_url(self.url), message)
        return IncumbentError("The existing model does not answer as it must.", [problem])

    def close(self) -> None:
        """Close all connections."""
        self._session.close()

    def _write(self, body: Any) -> bytes:
        """Make what is posted; named is what no JSON can hold."""
        if problems := check_json(body, "request"):
            raise IncumbentError(
                "What is to be posted (eval_config.body, the columns, or what write_request "
                "gives) must be JSON.",
                problems,
            )
        return json.dumps(body, allow_nan=False).encode()

    def _try_all(self, data: bytes) -> _Answer:
        """Post until an answer is there that another try would not better."""
        again = self._again
        while True:
            answer, raw = None, None
            try:
                answer = self._try(data)
                raw = answer.response.raw
                if answer.response.status_code not in _RETRIED:
                    return answer
            except (requests.RequestException, HTTPError, OSError) as error:
                fault: Exception = error
            try:
                again = again.increment("POST", response=raw)
            except MaxRetryError:
                if answer is not None:
                    return answer
                raise self._no_answer(fault) from None
            try:
                again.sleep(raw)
            except InvalidHeader:  # a Retry-After that is no time
                again.sleep()

    def _try(self, data: bytes) -> _Answer:
        """Post once, and read the answer to its end."""
        started = time.monotonic()
        with self._session.post(
            self.url,
            data=data,
            headers={"Content-Type": "application/json"},
            timeout=self.timeout,
            allow_redirects=False,
            auth=self._sign,  # as headers they would lose against a .netrc
            stream=True,
        ) as response:
            content = bytearray()
            # A time limit of the library's own begins anew with each byte.
            while piece := response.raw.read1(_BYTES, decode_content=True):
                content += piece
                if time.monotonic() - started > self.timeout:
                    had = f"only {count(len(content), 'byte')} of the answer had come"
                    raise TimeoutError(had)
        return _Answer(response, bytes(content))

    def _no_answer(self, error: Exception) -> IncumbentError:
        return self.error(
            f"must answer, but did not{self._tries()}: {_explain(error)}. Is the server there, "
            f"and is timeout (eval_config.timeout, {self.timeout:g} s) enough?"
        )

    def _tries(self) -> str:
        return f" in {self.retries + 1} tries" if self.retries else " in 1 try"

    def _sign(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers.update(self._headers)
        return request


def shorten_url(url: str) -> str:
    """Give a URL without its query, which may hold a key."""
    return url.partition("#")[0].partition("?")[0]


def read_token(name: str, header: str) -> dict[str, str]:
    """Make the header that carries the token of an environment variable.

    Raises:
        ConfigError: If the variable is not set, or its text cannot be sent; it is not shown.
    """
    if problems := check_token(name, "eval_config.token_env"):
        raise ConfigError("The existing model cannot be asked.", problems)
    token = os.environ[name].strip()
    return {header: f"Bearer {token}" if header.lower() == "authorization" else token}


def _explain(error: Exception) -> str:
    """Say what broke a connection, without the URL, which may hold a secret."""
    inner: Any = error.args[0] if error.args and isinstance(error.args[0], Exception) else error
    reason = getattr(inner, "reason", None) or inner
    told = reason.args[0] if reason.args and isinstance(reason.args[0], str) else str(reason)
    return f"{type(reason).__name__}: {told.rsplit(': ', 1)[-1].rstrip('.')}"


def _explain_status(response: requests.Response, tries: str) -> str:
    status = f"{response.status_code} {response.reason}".strip()
    if response.is_redirect:
        place = shorten_url(response.headers.get("location", ""))
        return f"must answer itself, but redirects ({status}) to {place}. Name that URL."
    advice = {
        401: " The token (eval_config.token_env) is missing or wrong.",
        403: " The token (eval_config.token_env) may not do this.",
        404: " The path of the URL is wrong.",
        413: " Lower eval_config.batch_size.",
        429: " Lower eval_config.concurrency, or raise retries and backoff.",
    }.get(response.status_code, "")
    return f"must answer with a status from 200 to 299, but answered {status}{tries}.{advice}"
