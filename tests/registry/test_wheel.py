"""The wheel that a model carries is dsf as it runs here, and can be installed."""

from __future__ import annotations

import base64
import csv
import hashlib
import io
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import dsf
from dsf.registry.wheel import write_wheel

ROOT = Path(__file__).resolve().parents[2]
AGAIN = "import sys; from pathlib import Path; from dsf.registry.wheel import write_wheel; "


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_wheel(tmp_path_factory.mktemp("wheel") / "new")


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_it_has_every_file_of_the_package_and_no_litter(wheel: Path) -> None:
    names = set(contents(wheel))
    code = {path.relative_to(ROOT).as_posix() for path in (ROOT / "dsf").rglob("*.py")}
    assert len(code) > 100
    assert code <= names
    assert {"dsf/py.typed", "dsf/report/templates/report.html.j2"} <= names
    assert "dsf/templates/project/cookiecutter.json" in names
    assert any(name.endswith("/.gitignore") for name in names)  # of a template
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]
    assert {name.partition("/")[0] for name in names} == {
        "dsf",
        f"dsf_trainer-{dsf.__version__}.dist-info",
    }


def test_its_record_fits_its_files(wheel: Path) -> None:
    found = contents(wheel)
    record = f"dsf_trainer-{dsf.__version__}.dist-info/RECORD"
    lines = list(csv.reader(io.StringIO(found[record].decode())))
    assert {name for name, _, _ in lines} == set(found)
    for name, digest, size in lines:
        if name == record:
            assert (digest, size) == ("", "")
            continue
        sha = base64.urlsafe_b64encode(hashlib.sha256(found[name]).digest()).decode()
        assert digest == f"sha256={sha.rstrip('=')}"
        assert int(size) == len(found[name])


def test_equal_files_give_equal_wheels(wheel: Path, tmp_path: Path) -> None:
    again = write_wheel(tmp_path)
    assert again.name == wheel.name == f"dsf_trainer-{dsf.__version__}-py3-none-any.whl"
    assert again.read_bytes() == wheel.read_bytes()
    assert list(tmp_path.iterdir()) == [again]
    with zipfile.ZipFile(again) as archive:
        assert {one.date_time for one in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_pip_installs_it_and_what_is_installed_gives_it_again(wheel: Path, tmp_path: Path) -> None:
    site, out = tmp_path / "site", tmp_path / "out"
    install = ["pip", "install", "--quiet", "--no-deps", "--no-index", "--no-compile"]
    done = subprocess.run(
        [sys.executable, "-m", *install, "--target", site, wheel],
        capture_output=True,
        text=True,
        cwd=tmp_path,
    )
    assert done.returncode == 0, done.stderr
    answer = subprocess.run(
        [sys.executable, "-c", AGAIN + "print(write_wheel(Path(sys.argv[1])))", out],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
    )
    assert answer.returncode == 0, answer.stderr
    assert contents(Path(answer.stdout.strip())) == contents(wheel)
    assert (site / "bin" / "dsf-cli").is_file()
    assert (site / "dsf" / "templates" / "project" / "cookiecutter.json").is_file()
