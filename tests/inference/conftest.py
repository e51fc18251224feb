"""A tiny model of each text task, fitted once a session."""

import pytest

from tests.tiny_bundles import TASKS, TinyBundles


@pytest.fixture(scope="session")
def make(tmp_path_factory):
    return TinyBundles(tmp_path_factory.mktemp("inference"))


@pytest.fixture(params=list(TASKS))
def made(request, make):
    return make(request.param)
