"""What is appended to a journal is what is read back, in order."""

import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from dsf.tracking.events import Event, to_line
from dsf.tracking.journal import Journal

numbers = st.floats(allow_nan=True, allow_infinity=True)
texts = st.text(st.characters(), max_size=30)
metrics = st.builds(
    lambda at, step, values: Event("metrics", at, {"step": step, "values": values}),
    st.integers(0, 2**53),
    st.integers(-(2**40), 2**40),
    st.dictionaries(texts, numbers, max_size=3),
)
tags = st.builds(
    lambda at, pairs: Event("tags", at, {"tags": pairs}),
    st.integers(0, 2**53),
    st.dictionaries(texts, texts, max_size=3),
)


@given(st.lists(st.tuples(metrics | tags, st.booleans()), max_size=8), st.data())
def test_a_journal_gives_back_what_was_appended(written, data):
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder))
        for event, torn_after in written:
            journal.append(event)
            if torn_after:  # a writer was killed in the middle of its line
                line = to_line(event)
                part = line[: data.draw(st.integers(1, len(line) - 1))]
                with journal.path.open("ab") as file:
                    file.write(part)
        entries = list(journal.read())
        assert repr([entry.event for entry in entries]) == repr([event for event, _ in written])
        if entries:
            middle = len(entries) // 2
            rest = [entry.event for entry in journal.read(entries[middle].end)]
            assert repr(rest) == repr([event for event, _ in written[middle + 1 :]])


def test_a_damaged_line_does_not_hide_those_after_it(tmp_path):
    journal = Journal(tmp_path)
    event = Event("tags", 1, {"tags": {"a": "b"}})
    journal.append(event)
    with journal.path.open("ab") as file:
        file.write(b"\x00\x01 no event\n")
    journal.append(event)
    assert [entry.event for entry in journal.read()] == [event, None, event]
