"""Quotes of a CSV are judged while it passes, in pieces of any size."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from dsf.data.readers.quotes import QuoteWatch

CELLS = st.text(st.sampled_from('ab ",\n\r'), max_size=5)
SIZES = st.lists(st.integers(0, 4), min_size=1)


def is_sound(content, sizes):
    watch = QuoteWatch(",")
    rest = content.encode()
    for size in sizes:
        watch(rest[:size])
        rest = rest[size:]
    watch(rest)
    watch(b"\n")
    return watch.is_sound


@given(content=st.text(st.sampled_from('a",\n'), max_size=30), sizes=SIZES)
def test_what_is_called_sound_is_sound_and_pieces_change_nothing(content, sizes):
    assert is_sound(content, sizes) == is_sound(content, [])
    if is_sound(content, sizes) and content.count('"') % 2 == 0:
        list(csv.reader(io.StringIO(content, newline=""), strict=True))


@given(rows=st.lists(st.lists(CELLS, min_size=1)), sizes=SIZES)
def test_what_a_writer_of_csv_wrote_is_sound(rows, sizes):
    file = io.StringIO(newline="")
    csv.writer(file).writerows(rows)
    assert is_sound(file.getvalue(), sizes)


@given(rows=st.lists(st.lists(st.text(st.sampled_from('a"')).map("a{}".format), min_size=1)))
def test_quotes_are_text_where_none_opens_a_cell(rows):
    assert is_sound("\n".join(map(",".join, rows)), [])
