"""Tags of tokens and the spans that they mean, in the schemes IOB2 and BILOU.

IOB2 marks the Beginning and the Inside of a span; BILOU also its Last token and a span of one
token (Unit). ``O`` is Outside in both. IOB2: Tjong Kim Sang & Veenstra 1999, section 2. BILOU:
Ratinov & Roth 2009, section 3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from dsf.core.errors import ConfigError, DataError, Problem
from dsf.core.excerpts import first_problems

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = [
    "OUTSIDE",
    "SCHEMES",
    "TokenSpan",
    "check_tags",
    "convert_tags",
    "list_tags",
    "repair_tags",
    "spans_to_tags",
    "split_tag",
    "tags_to_spans",
]

SCHEMES = ("iob2", "bilou")
OUTSIDE = "O"

_MARKS = {"iob2": "BI", "bilou": "BILU"}
_OPEN = {"iob2": "BI", "bilou": "BI"}  # after these, the span may (BILOU: must) go on
_GOES_ON = {"iob2": "I", "bilou": "IL"}


class TokenSpan(NamedTuple):
    """Neighbouring tokens with one label.

    Attributes:
        start: Number of the first token, from 0.
        end: Number of the last token plus one.
        label: What they are.
    """

    start: int
    end: int
    label: str


def list_tags(labels: Iterable[str], scheme: str) -> list[str]:
    """List the tags of labels: ``O``, then those of each label.

    >>> list_tags(["city"], "bilou")
    ['O', 'B-city', 'I-city', 'L-city', 'U-city']
    """
    marks = _MARKS[_known(scheme)]
    return [OUTSIDE, *(f"{mark}-{label}" for label in labels for mark in marks)]


def split_tag(tag: str) -> tuple[str, str]:
    """Give the mark and the label of a tag; the label of ``O`` is empty.

    >>> split_tag("B-street-name")
    ('B', 'street-name')
    """
    mark, _, label = tag.partition("-")
    return mark, label


def check_tags(tags: Sequence[str], scheme: str, where: str = "tags") -> list[Problem]:
    """Find what breaks the scheme.

    Args:
        tags: Tags of the tokens of one text.
        scheme: One of :data:`SCHEMES`.
        where: What the tags are called in the problems, such as ``row 3``.

    Returns:
        A problem for each token whose tag is none of the scheme or does not follow from the one
        before it. Empty if the tags are sound.
    """
    marks = _MARKS[_known(scheme)]
    problems, before = [], OUTSIDE
    for at, tag in enumerate([*tags, OUTSIDE]):
        place = f"{where}, token {at}" if at < len(tags) else f"{where}, end"
        if not _is_tag(tag, marks):
            wanted = f"{OUTSIDE}, or one of {', '.join(marks)} with a label, as in B-city"
            problems.append(Problem(place, f"must be {wanted} ({scheme}), but is {tag!r}."))
            before = OUTSIDE
            continue
        fault = _fault(before, tag, scheme)
        if fault:
            problems.append(Problem(place, fault))
        before = tag
    return problems


def tags_to_spans(tags: Sequence[str], scheme: str) -> list[TokenSpan]:
    """Read the spans of tags, strictly: what is not a whole span of the scheme is none.

    Answers of a model may break the scheme. An ``I-`` without its ``B-`` then opens nothing, and
    a BILOU span without its ``L-`` is left out. Check labelled data first (:func:`check_tags`).

    Args:
        tags: Tags of the tokens of one text.
        scheme: One of :data:`SCHEMES`.

    Returns:
        Spans in their order; they do not overlap.

    >>> tags_to_spans(["O", "B-city", "I-city", "B-day", "I-city"], "iob2")
    [TokenSpan(start=1, end=3, label='city'), TokenSpan(start=3, end=4, label='day')]
    """
    closed_by_last = _known(scheme) == "bilou"
    spans: list[TokenSpan] = []
    start, open_label = -1, ""  # no span is open while start is -1
    for at, tag in enumerate([*tags, OUTSIDE]):
        mark, label = split_tag(tag)
        if start >= 0 and mark in _GOES_ON[scheme] and label == open_label:
            if mark == "L":
                spans.append(TokenSpan(start, at + 1, label))
                start = -1
            continue
        if start >= 0 and not closed_by_last:
            spans.append(TokenSpan(start, at, open_label))
        start = -1
        if mark == "B":
            start, open_label = at, label
        elif mark == "U" and closed_by_last:
            spans.append(TokenSpan(at, at + 1, label))
    return spans


def repair_tags(tags: Sequence[str], scheme: str) -> list[str]:
    """Make tags follow their scheme, so that no token with a label loses it.

    The rule is that of the CoNLL-2000 script ``conlleval``: a token that goes on with a span
    (``I``, ``L``) is taken into the one before it if that is still open and has the same label,
    and begins one otherwise. A span ends before whatever does not go on with it, with or
    without ``L``. Tags that follow the scheme stay as they are.

    Args:
        tags: Tags of the tokens of one text; what is no tag of the scheme counts as ``O``.
        scheme: One of :data:`SCHEMES`.

    >>> repair_tags(["O", "I-city", "I-city", "I-day"], "iob2")
    ['O', 'B-city', 'I-city', 'B-day']
    >>> repair_tags(["B-city", "I-city", "O", "L-day"], "bilou")
    ['B-city', 'L-city', 'O', 'U-day']
    """
    marks = _MARKS[_known(scheme)]
    spans: list[TokenSpan] = []
    is_open = False  # whether the last span may go on
    for at, tag in enumerate(tags):
        if tag == OUTSIDE or not _is_tag(tag, marks):
            is_open = False
            continue
        mark, label = split_tag(tag)
        if is_open and mark in _GOES_ON[scheme] and label == spans[-1].label:
            spans[-1] = TokenSpan(spans[-1].start, at + 1, label)
        else:
            spans.append(TokenSpan(at, at + 1, label))
        is_open = mark in _OPEN[scheme]
    return spans_to_tags(spans, len(tags), scheme)


def spans_to_tags(spans: Iterable[TokenSpan], length: int, scheme: str) -> list[str]:
    """Write spans as tags.

    Args:
        spans: Spans of one text, in any order.
        length: Number of its tokens.
        scheme: One of :data:`SCHEMES`.

    Returns:
        One tag a token.

    Raises:
        DataError: If spans overlap, are empty or lie outside the text; lists them.
    """
    tags, problems = [OUTSIDE] * length, []
    with_last = _known(scheme) == "bilou"
    for span in sorted(spans):
        start, end, label = span
        name = f"span {start} to {end} ({label})"
        if not 0 <= start < end <= length:
            problems.append(
                Problem(name, f"must hold one or more of the {length} tokens, from 0 on.")
            )
        elif any(tag != OUTSIDE for tag in tags[start:end]):
            problems.append(Problem(name, "must not overlap another span, but does. Keep one."))
        else:
            tags[start:end] = [f"B-{label}", *([f"I-{label}"] * (end - start - 1))]
            if with_last:
                tags[end - 1] = f"{'U' if end - start == 1 else 'L'}-{label}"
    if problems:
        raise DataError("The spans cannot be written as tags.", first_problems(problems))
    return tags


def convert_tags(tags: Sequence[str], source: str, target: str) -> list[str]:
    """Write the tags of one scheme in another.

    Args:
        tags: Tags of the tokens of one text.
        source: Their scheme, one of :data:`SCHEMES`.
        target: The scheme that is wanted.

    Raises:
        DataError: If the tags break their scheme; lists every place.

    >>> convert_tags(["B-city", "I-city", "O"], "iob2", "bilou")
    ['B-city', 'L-city', 'O']
    """
    problems = check_tags(tags, source)
    if problems:
        raise DataError(f"The tags break their scheme ({source}).", first_problems(problems))
    return spans_to_tags(tags_to_spans(tags, source), len(tags), target)


def _is_tag(tag: object, marks: str) -> bool:
    if not isinstance(tag, str):
        return False
    mark, label = split_tag(tag)
    return tag == OUTSIDE or (len(mark) == 1 and mark in marks and bool(label))


def _fault(before: str, tag: str, scheme: str) -> str:
    """Say why a tag must not follow another; empty if it may."""
    (mark_before, label_before), (mark, label) = split_tag(before), split_tag(tag)
    is_open = mark_before in _OPEN[scheme]
    goes_on = mark in _GOES_ON[scheme]
    if goes_on and not (is_open and label == label_before):
        begin = "Begin it with B-" + (", or U- if it is one word" if scheme == "bilou" else "")
        return f"must not be {tag}, which goes on with a span, after {before}. {begin}."
    if scheme == "bilou" and is_open and not goes_on:
        return f"must be I-{label_before} or L-{label_before} after {before}, but is {tag}."
    return ""


def _known(scheme: str) -> str:
    if scheme not in SCHEMES:
        message = f"must be one of {', '.join(SCHEMES)}, but is {scheme!r}."
        raise ConfigError("The tags cannot be read.", [Problem("tagging_scheme", message)])
    return scheme
