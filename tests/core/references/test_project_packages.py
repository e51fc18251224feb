"""A project's own modules beside ``trainer`` may be named; what only looks like one may not."""

import subprocess
import sys

import pytest

SCRIPT = """
import trainer
from dsf.core.errors import BadReferenceError
from dsf.core.references import resolve
for name in {names!r}:
    try:
        print(name, "->", resolve(name).__module__)
    except BadReferenceError as error:
        print(name, "-> refused")
"""


@pytest.fixture
def ask(tmp_path):
    """Resolve names in a project with a package and a module of its own."""
    (tmp_path / "trainer").mkdir()
    (tmp_path / "trainer" / "__init__.py").write_text("")
    (tmp_path / "shop_losses").mkdir()
    (tmp_path / "shop_losses" / "focal.py").write_text("def focal(): pass\n")
    (tmp_path / "helpers.py").write_text("from os import system\ndef help(): pass\n")
    (tmp_path / "subprocess").mkdir()  # a folder does not make a package its own

    def run(*names):
        script = SCRIPT.format(names=names)
        done = subprocess.run(
            [sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True, check=True
        )
        return dict(line.split(" -> ") for line in done.stdout.splitlines())

    return run


def test_modules_beside_the_trainer_are_the_projects_own(ask):
    names = ("shop_losses.focal:focal", "helpers:help")
    assert ask(*names) == {names[0]: "shop_losses.focal", names[1]: "helpers"}


def test_others_stay_outside(ask):
    names = ("helpers:system", "subprocess:Popen", "os:system", "shutil:rmtree", "nowhere:x")
    assert ask(*names) == dict.fromkeys(names, "refused")


def test_a_folder_may_be_allowed_and_nothing_beside_it(tmp_path):
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "given.py").write_text("from os import system\ndef help(): pass\n")
    (tmp_path / "beside.py").write_text("def help(): pass\n")
    script = """
import sys
from pathlib import Path
from dsf.core.references import allow_folder, check_reference
sys.path[:0] = ["own", "."]
assert check_reference("given:help")
allow_folder(Path("own"))
assert not check_reference("given:help")
assert check_reference("given:system")
assert check_reference("beside:help")
assert check_reference("subprocess:run")
"""
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
