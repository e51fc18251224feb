"""The report shows what the audit of the split found."""

import pandas as pd

from dsf.data import audit_split
from dsf.report.sections.audit_view import audit_view

TEXTS = ["red fox runs", "old dog sleeps well", "a cat", "blue bird sings loudly"]


def view(test_texts, on_leak="warn", **options):
    parts = {
        "train": pd.DataFrame({"text": TEXTS}),
        "test": pd.DataFrame({"text": test_texts}),
    }
    audit = audit_split(parts, text_column="text", **options)
    return audit_view({"on_leak": on_leak, **audit.to_dict()})


def test_findings_come_with_counts_and_examples():
    shown = view(["A CAT!", "red fox runs", "something else entirely"])
    assert "left where they are" in shown["done"]
    found = {one["what"]: one for one in shown["findings"]}
    assert found["the same text"]["share"] == "33.3 %"
    normalised = found["the same but for case, spaces and punctuation"]
    assert normalised["examples"] == [("A CAT!", "a cat")]


def test_what_was_dropped_is_said_to_be():
    assert "taken out of the earlier part" in view(["a cat"], on_leak="drop")["done"]


def test_nothing_found_is_a_sentence():
    shown = view(["something else entirely"], near=False)
    assert shown["findings"] == []
    assert shown["summary"] == "No two parts have the same text."


def test_nothing_looked_at_shows_nothing():
    assert audit_view(None) is None
    assert audit_view({"checked": {"text": False, "groups": False}}) is None
