"""JSON posted to a URL, again where that may help."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

from dsf.core.errors import ConfigError, IncumbentError, Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["HttpClient", "check_url", "read_token", "shorten_url"]

_RETRIED = (429, 500, 502, 503, 504)
_LONGEST_WAIT = 60  # seconds, between two tries and for a Retry-After
_SHOWN = 200  # characters of an answer


class HttpClient:
    """Posts JSON, with tries again after a broken connection, 429 and 5xx.

    The pause before a try doubles each time, with a random part on top so that many clients do
    not come back at once; a ``Retry-After`` of the server counts instead. Redirects are not
    followed: they would turn a POST into a GET. Several threads may use one client.

    Args:
        url: Where to.
        headers: Sent with each request.
        timeout: Seconds for a connection, and between two bytes of an answer.
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
        again = Retry(
            total=retries,
            allowed_methods=None,
            status_forcelist=_RETRIED,
            backoff_factor=backoff,
            backoff_jitter=backoff,
            backoff_max=_LONGEST_WAIT,
            retry_after_max=_LONGEST_WAIT,
            raise_on_status=False,
            redirect=False,
        )
        adapter = HTTPAdapter(max_retries=again, pool_maxsize=connections)
        self._session = requests.Session()
        self._session.mount("http://", adapter)
        self._session.mount("https://", adapter)

    def post(self, body: Any) -> Any:
        """Post one body; give the JSON of the answer.

        Raises:
            IncumbentError: If there is no answer, its status is not 200 to 299, or it is no JSON.
        """
        try:
            response = self._session.post(
                self.url,
                json=body,
                timeout=self.timeout,
                allow_redirects=False,
                auth=self._sign,  # as headers they would lose against a .netrc
            )
        except requests.RequestException as error:
            raise self.error(
                f"must answer, but did not in {self.retries + 1} tries: {self._explain(error)}. "
                "Is the server there, and is timeout (eval_config.timeout, "
                f"{self.timeout:g} s) enough?"
            ) from None
        if not response.ok or response.is_redirect:
            words = self.first_words(response.text)
            raise self.error(f"{_explain_status(response)} It said: {words}")
        try:
            return response.json()
        except requests.exceptions.JSONDecodeError:
            words = self.first_words(response.text)
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

    def _sign(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers.update(self._headers)
        return request

    def _explain(self, error: requests.RequestException) -> str:
        """Say what broke a connection, without the URL, which may hold a secret."""
        inner: Any = error.args[0] if error.args else error
        reason = getattr(inner, "reason", None) or inner
        text = str(reason).rsplit(": ", 1)[-1]
        return f"{type(reason).__name__}: {text}"


def check_url(url: str) -> list[Problem]:
    """List what keeps a URL from being used: no HTTP, no host, or a password in it."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        message = f"must begin with http:// or https:// and name a host, but is {url!r}."
        return [Problem("url", message)]
    if parts.username or parts.password:
        message = "must not hold a password: name an environment variable by token_env instead."
        return [Problem("url", message)]
    return []


def shorten_url(url: str) -> str:
    """Give a URL without its query, which may hold a key."""
    return urlunsplit(urlsplit(url)._replace(query="", fragment=""))


def read_token(name: str, header: str) -> dict[str, str]:
    """Make the header that carries the token of an environment variable.

    Raises:
        ConfigError: If the variable is not set.
    """
    token = os.environ.get(name, "").strip()
    if not token:
        message = f"names the environment variable {name}, which must hold the token, but is unset."
        raise ConfigError(
            "The existing model cannot be asked.", [Problem("eval_config.token_env", message)]
        )
    return {header: f"Bearer {token}" if header.lower() == "authorization" else token}


def _explain_status(response: requests.Response) -> str:
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
    return f"must answer with a status from 200 to 299, but answered {status}.{advice}"
