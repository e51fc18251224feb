"""Every task can be found by its name, and has what a project calls."""

import pytest

from dsf.core.errors import ConfigError
from dsf.tasks import TASKS, find_task
from dsf.tasks.table import FUNCTIONS


@pytest.mark.parametrize("name", TASKS)
def test_a_task_is_found_with_all_its_functions(name):
    task = find_task(name)
    assert task.__name__ == TASKS[name]
    assert [one for one in FUNCTIONS if not callable(getattr(task, one))] == []
    assert set(FUNCTIONS) <= set(task.__all__)


def test_an_unknown_task_is_refused_with_the_near_one():
    with pytest.raises(ConfigError, match="Did you mean 'multilabel'") as caught:
        find_task("multilable")
    assert all(name in str(caught.value) for name in TASKS)
