"""What cannot judge two models is refused, all of it at once."""

from __future__ import annotations

import pytest

from dsf.core.errors import ConfigError
from dsf.metrics import ComparisonRules


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"rule": "superiorty"}, "rule: must be one of superiority, non_inferiority, but is "
         "'superiorty'. Did you mean 'superiority'?"),
        ({"slice_rule": "better"}, "slice_rule: must be one of"),
        ({"margin": float("nan")}, "margin: must be a number of at least 0, but is nan."),
        ({"margin": float("inf")}, "but is inf."),
        ({"margin": -1}, "but is -1."),
        ({"margin": "x"}, "but is 'x'."),
        ({"margin": True}, "but is True."),
        ({"alpha": 0}, "alpha: must lie between 0 and 1, but is 0."),
        ({"alpha": float("nan")}, "but is nan."),
        ({"smallest_slice": 0}, "smallest_slice: must be a whole number of at least 1, but is 0."),
        ({"smallest_slice": 1.5}, "but is 1.5."),
        ({"metrics": ()}, "metrics: must be names of metrics, at least one, but is ()."),
        ({"metrics": "f1"}, "but is 'f1'."),
    ],
)  # fmt: skip
def test_each_rule_that_cannot_be_used_is_named(given, told):
    with pytest.raises(ConfigError) as caught:
        ComparisonRules(**given)
    assert told in str(caught.value)


def test_all_that_is_wrong_comes_at_once():
    with pytest.raises(ConfigError) as caught:
        ComparisonRules(rule="x", margin=-1, alpha=2, smallest_slice=0)
    assert [one.where for one in caught.value.problems] == [
        "rule",
        "margin",
        "alpha",
        "smallest_slice",
    ]


def test_rules_that_can_be_used_are_kept():
    rules = ComparisonRules(("f1",), "non_inferiority", 0, 0.01, "superiority", 1)
    assert rules.metrics == ("f1",)
