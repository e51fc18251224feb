"""Results go to stdout, everything else to stderr."""

from __future__ import annotations

import logging

import pytest

from dsf.cli.streams import log_to_stderr

log = logging.getLogger("dsf.somewhere")


def _speak() -> None:
    log.debug("why")
    log.info("what")
    log.warning("mind")


@pytest.mark.parametrize(
    ("verbose", "rank", "shown"),
    [
        (False, "0", "what\nmind\n"),
        (True, "0", "why\nwhat\nmind\n"),
        (True, "1", "mind\n"),
    ],
)
def test_messages_are_shown_by_the_first_process(
    verbose: bool,
    rank: str,
    shown: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("RANK", rank)
    with log_to_stderr(verbose=verbose):
        _speak()
    assert capsys.readouterr() == ("", shown)


def test_the_logger_is_left_as_it_was(capsys: pytest.CaptureFixture[str]) -> None:
    logger = logging.getLogger("dsf")
    before = logger.level, list(logger.handlers)
    with log_to_stderr(verbose=True):
        pass
    assert (logger.level, logger.handlers) == before
