"""A process is known again by what it wrote of itself, until it has ended."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.registry.maker import Maker

WRITER = """
import sys
from dsf.registry.maker import Maker
print(Maker.current().to_text(), flush=True)
sys.stdin.read()
"""


@given(st.builds(Maker, st.text(), st.text(), st.text(), st.integers(), st.text()))
def test_what_is_written_is_read(maker: Maker) -> None:
    assert Maker.from_text(maker.to_text()) == maker


@pytest.mark.parametrize("text", ["", "7", "[]", "{}", '{"pid": "x"}', "{", "null"])
def test_any_other_text_is_no_process(text: str) -> None:
    assert Maker.from_text(text) is None


def test_a_process_has_ended_once_it_was_killed_whether_anybody_looked_or_not() -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert process.stdout is not None
        maker = Maker.from_text(process.stdout.readline())
        assert maker is not None
        assert maker.pid == process.pid
        assert maker.is_at(Maker.current())
        assert not maker.has_ended()
        process.kill()
        assert process.stdout.read() == ""  # it is gone, and nobody has asked how it ended
        deadline = time.monotonic() + 10
        while not maker.has_ended():
            assert time.monotonic() < deadline
            time.sleep(0.01)
    finally:
        process.kill()
        process.communicate()
    assert maker.has_ended()


def test_another_process_with_its_number_is_not_taken_for_it() -> None:
    here = Maker.current()
    assert not here.has_ended()
    assert replace(here, start="1").has_ended()


@pytest.mark.parametrize("what", ["host", "boot", "numbers"])
def test_elsewhere_is_another_machine_container_or_start_of_it(what: str) -> None:
    here = Maker.current()
    assert here.is_at(replace(here, pid=1))
    assert not replace(here, **{what: "other"}).is_at(here)  # type: ignore[arg-type]
