"""The keys of a text project: defaults, limits, and what must be set together."""

import pytest

from dsf.core.config import load_config, looking_up_names, resolve_config
from dsf.core.errors import ConfigError
from dsf.losses import LOSSES
from dsf.metrics import thresholds
from dsf.tasks.config import (
    LOSSES_BY_KIND,
    MINIMIZED,
    THRESHOLD_METRICS,
    TextProjectConfig,
)


def resolve(**model_config):
    config = resolve_config({"model_config": model_config}, schema=TextProjectConfig)
    return config["model_config"]


def test_what_the_recipe_fills_in_is_left_open():
    config = resolve()
    open_keys = ("learning_rate", "weight_decay", "betas", "epsilon", "max_grad_norm", "dropout")
    assert [config[key] for key in open_keys] == [None] * len(open_keys)
    assert config["recipe"] == "auto"
    assert config["reduce_embedding"] is True
    assert config["batch_order"] == "random"


def test_keys_of_your_own_are_kept():
    assert resolve(my_key=[1, 2])["my_key"] == [1, 2]


def test_a_fit_without_recipe_needs_its_settings():
    with pytest.raises(ConfigError) as caught:
        resolve(recipe=None)
    assert [problem.where for problem in caught.value.problems] == [
        "model_config.learning_rate",
        "model_config.weight_decay",
    ]
    assert "must be set when recipe is null" in str(caught.value)
    assert resolve(recipe=None, learning_rate=1e-4, weight_decay=0.0)["learning_rate"] == 1e-4


def test_a_batch_has_a_limit():
    with pytest.raises(ConfigError, match=r"batch_size.*must be set, or max_tokens"):
        resolve(batch_size=None)
    assert resolve(batch_size=None, max_tokens=512)["batch_size"] is None


def test_a_wrong_setting_is_not_called_a_missing_one():
    with pytest.raises(ConfigError) as caught:
        resolve(recipe=None, learning_rate=-1.0, weight_decay=0.0)
    assert len(caught.value.problems) == 1


def test_the_loss_must_be_one_for_the_labels():
    wrong = [("cross_entrpy", "single", "cross_entropy"), ("cross_entropy", "multilabel", "bce")]
    for loss, kind, known in wrong:
        config = {
            "model_config": {"loss": loss},
            "dataset_config": {
                "label_kind": kind,
                "label_columns": ["x"] if kind != "single" else [],
            },
        }
        said = rf"model_config\.loss: must be one of .*{known}.* is {kind}, not '{loss}'"
        with pytest.raises(ConfigError, match=said):
            resolve_config(config, schema=TextProjectConfig)


@pytest.mark.parametrize("name", ["f1", "f0.5", "mcc"])
def test_thresholds_are_chosen_by_any_metric_of_a_label(name):
    assert resolve(threshold_metric=name, threshold_search="exact")["threshold_metric"] == name


@pytest.mark.parametrize("name", ["f0", "balanced", "roc_auc"])
def test_what_is_no_metric_of_a_label_chooses_no_threshold(name):
    said = rf"threshold_metric: must be one of {', '.join(THRESHOLD_METRICS)}.*'{name}'"
    with pytest.raises(ConfigError, match=said):
        resolve(threshold_metric=name)


def test_the_metrics_that_choose_thresholds_are_those_that_there_are():
    assert tuple(thresholds.THRESHOLD_METRICS) == THRESHOLD_METRICS
    losses = [name for name, one in thresholds.THRESHOLD_METRICS.items() if one.less_is_better]
    assert tuple(losses) == MINIMIZED


OWN = {"module": "sklearn.metrics", "func": "fbeta_score", "kwargs": {"beta": 3}}


@pytest.mark.parametrize("metric", ["trainer.costs:saved_money", OWN])
@pytest.mark.parametrize("maximize", [True, False])
def test_thresholds_are_chosen_by_a_function_of_ones_own(metric, maximize):
    model = resolve(threshold_metric=metric, threshold_maximize=maximize)
    assert (model["threshold_metric"], model["threshold_maximize"]) == (metric, maximize)


@pytest.mark.parametrize(
    ("metric", "said"),
    [
        ("trainer.costs.saved", "must be a reference .* Did you mean 'trainer.costs:saved'"),
        ("torch.hub:load", "must not name 'torch.hub'"),
        ({"module": "trainer", "fun": "cost"}, "is not a key of a reference. Did you mean 'func'"),
        ({"cost": 3}, "must be one of .*, or a reference to a function such as"),
        (5, "must be "),
    ],
)
def test_a_function_that_is_misspelt_is_told_how_to_spell_it(metric, said):
    with pytest.raises(ConfigError, match=rf"(?s)model_config\.threshold_metric.*: .*{said}"):
        resolve(threshold_metric=metric)


def test_a_function_that_is_not_there_is_told_where_the_config_is_checked(tmp_path):
    path = tmp_path / "config.yaml"
    path.write_text("model_config: {threshold_metric: 'sklearn.metrics:jacard_score'}")
    with (
        looking_up_names(everywhere=False),
        pytest.raises(ConfigError, match=r"threshold_metric: .* Did you mean 'jaccard_score'"),
    ):
        load_config(path, schema=TextProjectConfig, environ={})


def test_what_is_better_is_known_of_our_metrics():
    assert resolve(threshold_metric="fnr", threshold_maximize=False)["threshold_metric"] == "fnr"
    for name in ("f1", "f2", "tpr"):
        with pytest.raises(ConfigError, match=rf"threshold_maximize: must be true .* is {name}"):
            resolve(threshold_metric=name, threshold_maximize=False)


@pytest.mark.parametrize(
    ("grid", "key", "said"),
    [
        ({"vmin": 0.95}, "vmax", "must be above vmin, but 0.9 is not above 0.95"),
        ({"vmax": 1.5}, "vmax", "must lie between 0 and 1, but is 1.5"),
        ({"step": 1e-12}, "step", "must make at most 10,000 thresholds from 0.1 to 0.9"),
        ({"step": float("inf")}, "step", "must be a finite number"),
        ({"vmx": 0.5}, "vmx", "is not a known key. Did you mean 'vmax'"),
    ],
)
def test_thresholds_to_try_that_make_no_grid_are_told_before_the_fit(grid, key, said):
    with pytest.raises(ConfigError) as caught:
        resolve(threshold_grid=grid)
    (problem,) = caught.value.problems
    assert problem.where == f"model_config.threshold_grid.{key}"
    assert said in problem.message


def test_a_grid_may_be_given_in_part():
    assert resolve(threshold_grid={"step": 0.01})["threshold_grid"] == {"step": 0.01}


def test_windows_must_have_room_for_tokens_of_their_own():
    def tagged(stride, kind="tags"):
        sections = {"model_config": {"max_length": 40, "window_stride": stride}}
        dataset = {"label_kind": kind, "split_strategy": "random", "label_column": "x"}
        return resolve_config(sections | {"dataset_config": dataset}, schema=TextProjectConfig)

    said = r"window_stride: must be below model_config\.max_length, which is 40, but is 40"
    with pytest.raises(ConfigError, match=said):
        tagged(40)
    assert tagged(39)["model_config"]["window_stride"] == 39
    assert tagged(40, "single")["model_config"]["window_stride"] == 40  # there are no windows


def test_the_loss_may_be_ones_own():
    """It is looked up when it is made: its package may not be there to load a config."""
    assert resolve(loss="trainer.losses:MyLoss")["loss"] == "trainer.losses:MyLoss"


@pytest.mark.parametrize(
    ("loss", "said"),
    [
        ("trainer.losses.MyLoss", "must be a reference .* Did you mean 'trainer.losses:MyLoss'"),
        ("cross_entropi", "must be one of .* or a reference .* Did you mean 'cross_entropy'"),
        ("os:system()", "must be a reference"),
        ("torch.hub:load", "must not name 'torch.hub'"),
    ],
)
def test_a_loss_that_is_misspelt_is_told_how_to_spell_it(loss, said):
    with pytest.raises(ConfigError, match=rf"model_config\.loss: {said}"):
        resolve(loss=loss)


def test_all_losses_are_known_by_the_targets_that_they_are_for():
    for kind, names in LOSSES_BY_KIND.items():
        assert sorted(names) == sorted(key for key, loss in LOSSES.items() if loss.kind == kind)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("dropout", 1.0),
        ("betas", [0.9]),
        ("warmup_share", 1.0),
        ("layer_decay", 0),
        ("pooling", "median"),
        ("recipe", "gpt"),
        ("batch_order", "sorted"),
        ("max_length", 0),
        ("epsilon", 0),
        ("max_grad_norm", -1),
        ("freeze_layers", -1),
    ],
)
def test_values_out_of_range_are_refused_with_their_key(key, value):
    with pytest.raises(ConfigError) as caught:
        resolve(**{key: value})
    assert any(problem.where.startswith(f"model_config.{key}") for problem in caught.value.problems)


def test_all_mistakes_come_at_once():
    with pytest.raises(ConfigError) as caught:
        resolve(recipe=None, batch_size=None, pooling="median")
    assert len(caught.value.problems) == 4
