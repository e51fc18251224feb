"""A file is kept under a name that every disk takes, and sent under the one that it was given."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dsf.tracking.kept_files import called, kept_name
from dsf.tracking.store_errors import EventRefusedError, StoreAwayError

NAMES = st.text(st.characters(exclude_categories=()), min_size=1, max_size=400)


@given(st.sets(NAMES, max_size=5))
@example({"notes", "notes/a.txt", "other/a.txt", "NOTES", "Notes/A.txt"})
@example({"\udcff", "?", "a" * 300, "a" * 301, ".", "..", "a\0b", "CON:\\x"})
def test_each_name_has_one_of_its_own_that_is_a_plain_file(names: set[str]) -> None:
    kept = {kept_name(name) for name in names}
    assert len({one.lower() for one in kept}) == len(names)
    assert kept == {kept_name(name) for name in names}
    for one in kept:
        assert len(one.encode("ascii")) < 100
        assert Path(one).name == one
        assert not set(one) & set('\0/\\:*?"<>|')


def test_a_person_finds_a_file_by_its_end() -> None:
    assert kept_name("plots/errors of two.png").endswith("_errors_of_two.png")


def test_it_is_called_so_while_it_is_sent(tmp_path: Path) -> None:
    file = tmp_path / "kept"
    file.write_text("content")
    with called(file, "a b.txt") as other:
        assert (other.name, other.read_text()) == ("a b.txt", "content")
    with called(file, "") as other:
        assert other == file
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("name", ["x" * 300, "a\0b"])
def test_a_name_that_the_disk_does_not_take_is_refused(tmp_path: Path, name: str) -> None:
    file = tmp_path / "kept"
    file.write_text("content")
    kept = f"its content is kept in {file}"
    with pytest.raises(EventRefusedError, match=kept), called(file, name):
        pytest.fail("there is no such file")
    assert list(tmp_path.iterdir()) == [file]


def test_a_disk_that_takes_nothing_now_may_do_so_later(tmp_path: Path) -> None:
    gone = tmp_path / "gone" / "kept"
    with pytest.raises(StoreAwayError, match=str(gone.parent)), called(gone, "a"):
        pytest.fail("there is no such folder")
