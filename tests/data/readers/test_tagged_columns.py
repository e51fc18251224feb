"""Files with one word a line: texts, offsets and tags, or the line of what is wrong."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dsf.core.errors import ConfigError, DataError
from dsf.data.readers import ColumnNames, read_rows

ANY_FILE = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
WORDS = st.text(st.sampled_from("aü-#1"), min_size=1, max_size=4).map(lambda word: f"x{word}")
TEXTS = st.lists(st.lists(st.tuples(WORDS, WORDS), min_size=1, max_size=4), min_size=1, max_size=4)


def write(tmp_path, content, name):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def word(number, form, tag):
    return "\t".join([str(number), form, "_", tag, *"______"]) + "\n"


@ANY_FILE
@given(texts=TEXTS, between=st.sampled_from(["\t", " "]), end=st.sampled_from(["\n", "\r\n"]))
def test_what_was_written_is_read(tmp_path, texts, between, end):
    lines = [[f"{token}{between}{tag}{end}" for token, tag in text] for text in texts]
    plain = write(tmp_path, (end * 2).join(map("".join, lines)), "rows.conll")
    numbered = ["".join(word(i, *pair) for i, pair in enumerate(text, start=1)) for text in texts]
    units = write(tmp_path, "# a comment\n" + "\n".join(numbered), "rows.conllu")
    for path in (plain, units):
        rows = read_rows(path)
        assert [list(zip(*pair, strict=True)) for pair in zip(rows.tokens, rows.tags)] == texts  # noqa: B905
        for text, tokens, starts in zip(rows.text, rows.tokens, rows.starts, strict=True):
            found = [text[at : at + len(token)] for token, at in zip(tokens, starts, strict=True)]
            assert found == tokens


@ANY_FILE
@given(
    content=st.binary(max_size=60)
    | st.text(st.sampled_from("1-.\tBIO-x\n "), max_size=60).map(str.encode),
    name=st.sampled_from(["rows.conll", "rows.iob2", "rows.bilou", "rows.conllu"]),
)
def test_any_bytes_give_rows_or_a_data_error(tmp_path, content, name):
    try:
        rows = read_rows(write(tmp_path, content, name))
    except DataError:
        return
    assert (rows.tokens.map(len) == rows.tags.map(len)).all()


def test_more_columns_and_documents(tmp_path):
    content = "-DOCSTART- -X- -X- O\n\nEU NNP B-NP B-ORG\nrejects VBZ B-VP O\n\n"
    rows = read_rows(write(tmp_path, content, "rows.iob2"))
    assert rows.tags.tolist() == [["B-ORG", "O"]]
    rows = read_rows(write(tmp_path, content, "rows.conll"), options={"tag_column": 1})
    assert rows.tags.tolist() == [["NNP", "VBZ"]]


def test_the_parts_of_a_multi_word_token_are_words(tmp_path):
    skipped = "1-2\tzum" + "\t_" * 8 + "\n", "2.1\tx" + "\t_" * 8 + "\n"
    content = skipped[0] + word(1, "zu", "ADP") + word(2, "dem", "DET") + skipped[1]
    rows = read_rows(write(tmp_path, content, "rows.conllu"))
    assert rows.text.tolist() == ["zu dem"]
    with pytest.raises(ConfigError, match="is 'pos'"):
        read_rows(tmp_path / "rows.conllu", options={"tag_field": "pos"})


def test_repeated_texts_are_counted(tmp_path):
    path = write(tmp_path, "a O\n\na O\n", "rows.iob2")
    assert read_rows(path).attrs["reading"]["duplicate_rows"] == 1
    rows = read_rows(path, options={"drop_duplicates": True})
    assert (len(rows), rows.attrs["reading"]["dropped_duplicates"]) == (1, 1)


@pytest.mark.parametrize("name", ["r.iob2", "r.bilou", "r.conll", "r.conllu"])
def test_further_columns_are_refused_since_there_are_none(tmp_path, name):
    path = write(tmp_path, word(1, "a", "O") if name == "r.conllu" else "a O\n", name)
    columns = ColumnNames(group="doc", time="day", split="part", keep=("n",), tokens="words")
    with pytest.raises(ConfigError, match="tokens_column: is 'words', but") as caught:
        read_rows(path, columns=columns)
    assert [problem.where for problem in caught.value.problems[1:]] == ["doc", "day", "part", "n"]
    assert "write JSON lines with text and entities (format spans)" in str(caught.value)
    with pytest.raises(ConfigError, match=r"read_options\.names: is for CSV without a header"):
        read_rows(path, options={"names": ["a", "b"]})


def test_a_tag_that_nobody_has_said_is_missing(tmp_path):
    words = word(1, "a", "X") + word(2, "b", "_") + word(3, "c", "_") + "\n" + word(1, "d", "Y")
    path = write(tmp_path, words, "rows.conllu")
    with pytest.raises(DataError, match=r"2 problems.*\n.*line 2: .*drop_missing.*\n.*line 3: "):
        read_rows(path)
    rows = read_rows(path, options={"drop_missing": True})
    assert rows.tags.tolist() == [["Y"]]
    assert rows.attrs["reading"]["dropped_missing"] == 1
    underscore = write(tmp_path, "1\t_\t_" + "\t_" * 7 + "\n", "rows.conllu")
    assert read_rows(underscore, options={"tag_field": "lemma"}).tags.tolist() == [["_"]]
    columns = write(tmp_path, "a\tO\nb\t\n\nc\tO\n", "rows.conll")
    assert read_rows(columns, options={"drop_missing": True}).tokens.tolist() == [["c"]]


@pytest.mark.parametrize("name", ["rows.conll", "rows.conllu"])
def test_lines_are_right_behind_the_first_batch(tmp_path, name):
    line = word(1, "a", "O") if name == "rows.conllu" else "a\tO\n"
    sound = 5_001
    rows = read_rows(write(tmp_path, f"{line}\n" * sound + line.replace("a", "b"), name))
    assert len(rows) == sound + 1
    assert rows.iloc[-1].text == "b"
    content = f"{line}\n" * sound + line.replace("O", " ") + "\n" + line.replace("O", "\x07")
    columns = ColumnNames(label_names=("O",))
    with pytest.raises(DataError) as caught:
        read_rows(write(tmp_path, content, name), columns=columns)
    where = [problem.where for problem in caught.value.problems]
    assert where == [f"line {2 * sound + 1}", f"text of line {2 * sound + 3}, token 0"]


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("r.iob2", "a O\n\nb I-x\n", r"line 3.* token 0"),
        ("r.bilou", "a B-x\nb O\n", r"line 1.* token 1"),
        ("r.iob2", "a O\nb\n", "line 2: must have 2 cells as the first line, but has 1: 'b'"),
        ("r.conll", "a\n", "line 1: must have a word and a tag"),
        ("r.conll", "a\t\n", r"line 1: must have a tag for 'a' \(options: drop_missing\)"),
        ("r.conll", "\ta\n", "line 1: must have a word and a tag, but the word is empty"),
        ("r.conllu", word(1, "a", "X") + word(2, "b", "_"), "line 2: must have a tag for 'b' .*"),
        ("r.conllu", word(1, "", "X"), "line 1: must have a word and a tag, but the word is"),
        ("r.conll", "\n\n", "must have rows"),
        ("r.conll", b"a O\n\xff O\n", "line 2: has bytes that are no utf-8"),
        ("r.conllu", "1\ta\n", "line 1: must have 10 cells between tabs, but has 2"),
        ("r.conllu", word(1, "a", "X") + word(3, "b", "X"), "line 2: must be word 2"),
        ("r.conllu", word("x", "a", "X"), "line 1: must begin with a number"),
    ],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path, name, content, message):
    with pytest.raises(DataError, match=message):
        read_rows(write(tmp_path, content, name))
