"""The trail: every change of the champion is kept in order, fits into a tag, and is read back."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.registry.trail import (
    PROMOTED,
    REPLACED,
    ROLLED_BACK,
    TRAIL_TAG,
    UNREADABLE,
    TrailEntry,
    next_stamp,
    past_champions,
    read_trail,
    who_acts,
)
from dsf.tracking.mlflow_limits import MAX_TAG

STAMP = "20261122T121314.000015Z"
short = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
numbers = st.from_regex(r"[1-9][0-9]{0,3}", fullmatch=True)
entries = st.builds(
    TrailEntry,
    what=st.sampled_from([PROMOTED, ROLLED_BACK, REPLACED]),
    stamp=st.just(STAMP),
    who=short,
    champion=numbers,
    champion_before=st.just("") | numbers,
    verdict=short,
    compared_with=short,
    report=short,
    run=short,
    reason=short,
    forced=st.booleans(),
)


@given(entries)
def test_what_was_written_is_read(entry: TrailEntry) -> None:
    assert read_trail(dict([entry.to_tag(), ("dsf.verdict", "better")])) == [entry]


@given(st.lists(st.text(max_size=9000), min_size=6, max_size=6))
def test_any_text_fits_into_a_tag(texts: list[str]) -> None:
    who, verdict, compared_with, report, run, reason = texts
    entry = TrailEntry(
        PROMOTED, STAMP, who, "3", "2", verdict, compared_with, report, run, reason * 3, True
    )
    name, text = entry.to_tag()
    assert len(text) <= MAX_TAG
    text.encode()
    assert name == f"{TRAIL_TAG}{STAMP}"
    (read,) = read_trail({name: text})
    assert (read.what, read.champion, read.champion_before, read.forced) == (
        PROMOTED,
        "3",
        "2",
        True,
    )


def test_a_long_reason_is_cut_and_says_so() -> None:
    (read,) = read_trail(
        dict([TrailEntry(PROMOTED, STAMP, who="mira", reason="x" * 9000).to_tag()])
    )
    assert read.reason.startswith("xxxx")
    assert read.reason.endswith("(cut; 9000 characters)")
    assert len(read.reason) > 3000
    assert read.who == "mira"


def test_a_tag_tells_people_the_moment() -> None:
    _, text = TrailEntry(PROMOTED, STAMP).to_tag()
    assert json.loads(text)["when"] == "2026-11-22T12:13:14.000015+00:00"


@pytest.mark.parametrize("text", ["", "promoted", "[1]", "3", "{}", '{"who": "me"}', '["what"]'])
def test_a_tag_that_somebody_changed_is_shown_as_it_is(text: str) -> None:
    (read,) = read_trail({f"{TRAIL_TAG}{STAMP}": text})
    assert read == TrailEntry(UNREADABLE, STAMP, reason=text)
    assert past_champions([read]) == []


def test_entries_are_in_the_order_of_time_though_a_clock_goes_wrong() -> None:
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).strftime("%Y%m%dT%H%M%S.%fZ")
    first = TrailEntry(PROMOTED, tomorrow)
    second = TrailEntry(PROMOTED, next_stamp([first]))
    third = TrailEntry(PROMOTED, next_stamp([second, first]))
    assert first.when < second.when < third.when
    tags = dict(one.to_tag() for one in (third, first, second))
    assert read_trail(tags) == [first, second, third]
    assert TrailEntry(PROMOTED, next_stamp([])).when <= datetime.now(UTC).isoformat()
    assert TrailEntry(PROMOTED, "yesterday").when == ""
    assert next_stamp([TrailEntry(PROMOTED, "yesterday")])[:2] == "20"


class Story:
    """Changes of a champion, as the trail tells of them."""

    def __init__(self) -> None:
        self.entries: list[TrailEntry] = []
        self.now = ""

    def change(self, what: str, to: str) -> None:
        entry = TrailEntry(what, next_stamp(self.entries), champion=to, champion_before=self.now)
        self.entries.append(entry)
        self.now = to


def test_a_rollback_goes_one_back_each_time() -> None:
    story = Story()
    for number in ("1", "2", "3"):
        story.change(PROMOTED, number)
    assert past_champions(story.entries) == ["1", "2", "3"]
    story.change(ROLLED_BACK, "2")
    assert past_champions(story.entries) == ["1", "2"]
    story.change(PROMOTED, "4")
    assert past_champions(story.entries) == ["1", "2", "4"]
    story.change(ROLLED_BACK, "1")
    assert past_champions(story.entries) == ["1"]
    story.change(ROLLED_BACK, "4")  # one that was given up is taken again
    assert past_champions(story.entries) == ["1", "4"]


def test_a_champion_that_was_made_by_hand_counts() -> None:
    story = Story()
    story.change(PROMOTED, "1")
    story.now = "2"
    story.change(PROMOTED, "3")
    assert past_champions(story.entries) == ["1", "2", "3"]
    story.now = "1"
    story.change(PROMOTED, "4")
    assert past_champions(story.entries) == ["1", "2", "3", "1", "4"]


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), max_size=25))
def test_the_past_is_what_was_done_and_not_taken_back(steps: list[tuple[bool, int]]) -> None:
    story, past = Story(), []
    for number, (back, depth) in enumerate(steps):
        if back and len(past) > 1:
            del past[max(1, len(past) - 1 - depth) :]
            story.change(ROLLED_BACK, past[-1])
        else:
            past.append(str(number))
            story.change(PROMOTED, past[-1])
    assert past_champions(reversed(story.entries)) == past
    # The version that was replaced tells of the same change: nothing is counted twice.
    replaced = [TrailEntry(REPLACED, one.stamp, champion=one.champion) for one in story.entries]
    assert past_champions(replaced + story.entries) == past


def test_somebody_acts() -> None:
    assert who_acts()
