"""What a fit begins with is set like any other value."""

import pytest

from dsf.core.config import load_config, resolve_config
from dsf.core.config.architecture import architecture_changes, list_labels
from dsf.core.errors import ConfigError


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text("warm_start_config: {source: v1, parts: [encoder]}\n")
    return path


def test_variables_and_overrides_set_it(file):
    environ = {"DSF__warm_start_config__source": "v2"}
    assert load_config(file, environ=environ)["warm_start_config"] == {
        "source": "v2",
        "parts": ["encoder"],
        "allow_differences": False,
    }
    overrides = ["warm_start_config.source=../old/v7", "warm_start_config.parts=[network.0]"]
    section = load_config(file, environ=environ, overrides=overrides)["warm_start_config"]
    assert section["source"] == "../old/v7"
    assert section["parts"] == ["network.0"]


@pytest.mark.parametrize(
    ("section", "said"),
    [
        ({"source": ""}, "warm_start_config.source: must be a path"),
        ({"source": "v1", "parts": []}, "warm_start_config.parts: must"),
        ({"source": "v1", "allow_difference": True}, "Did you mean 'allow_differences'?"),
    ],
)
def test_what_makes_no_sense_is_refused(section, said):
    with pytest.raises(ConfigError) as caught:
        resolve_config({"warm_start_config": section})
    assert said in str(caught.value)


def test_what_a_network_is_differs_not_how_it_learns():
    old = {"learning_rate": 1, "loss": "a", "label_names": [1], "width": 3, "sizes": [1, 2]}
    new = {"learning_rate": 2, "seed": 1, "encoder": "x", "width": 4, "sizes": [1, 5], "own": None}
    assert [str(one) for one in architecture_changes(old, new)] == [
        "width: 3 -> 4",
        "sizes.1: 2 -> 5",
        "encoder: (absent) -> x",
    ]
    assert [str(one) for one in architecture_changes(old, new, whole=False)] == [
        "encoder: (absent) -> x"
    ]


def test_labels_are_lists_of_them_by_output():
    assert list_labels(["a", "b"]) == [["a", "b"]]
    assert list_labels({"x": ["a"], "y": ["b", "c"]}) == [["a"], ["b", "c"]]
    assert list_labels(None) is None
