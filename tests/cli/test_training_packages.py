"""A torch that fits is never replaced, and no machine without a GPU loads gigabytes for one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from packaging.requirements import Requirement
from packaging.tags import Tag

from dsf.cli.training_packages import (
    Machine,
    install_command,
    kept_torch,
    training_requirements,
)
from dsf.core.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Callable

    from dsf.cli.training_packages import Device

PIP = ("python", "-m", "pip", "install")
UV = ("uv", "pip", "install", "--python", "python")
WANTED = [Requirement("torch<2.14,>=2.11"), Requirement("pandas>=2.3")]
TAGS = frozenset({Tag("cp311", "cp311", "manylinux_2_28_x86_64")})


def _choose(device: Device = "auto", installer: tuple[str, ...] = PIP, **machine: object) -> str:
    this = Machine(installer, tags=TAGS, **machine)  # type: ignore[arg-type]
    return " ".join(install_command(WANTED, this, device)[len(installer) :])


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """A folder of local packages that holds wheels of torch of these versions."""

    def make(*versions: str, tag: str = "cp311-cp311-manylinux_2_28_x86_64") -> Path:
        for version in versions:
            (tmp_path / f"torch-{version}-{tag}.whl").touch()
        (tmp_path / "torch-broken.whl").touch()
        return tmp_path

    return make


@pytest.mark.parametrize("device", ["auto", "cpu", "cuda"])
@pytest.mark.parametrize("installed", ["2.11.0", "2.13.0+cpu", "2.13.1+cu130", "2.12.0a0+git1"])
def test_a_torch_in_range_stays(
    device: Device, installed: str, folder: Callable[..., Path]
) -> None:
    links = (folder("2.13.5+cpu"),)
    chosen = _choose(device, torch=installed, find_links=links, has_nvidia_driver=True)
    assert chosen == f"torch=={installed.partition('+')[0]} pandas>=2.3"


@pytest.mark.parametrize("installed", ["2.10.0", "2.14.0+cpu"])
def test_a_torch_out_of_range_does_not(installed: str) -> None:
    chosen = _choose(torch=installed, has_nvidia_driver=True)
    assert chosen == "torch<2.14,>=2.11 pandas>=2.3"
    assert kept_torch(WANTED, Machine(PIP, torch=installed)) is None


@pytest.mark.parametrize("device", ["auto", "cpu"])
@pytest.mark.parametrize("installer", [PIP, UV])
def test_a_local_file_that_fits_is_taken(
    device: Device, installer: tuple[str, ...], folder: Callable[..., Path]
) -> None:
    links = folder("2.11.0+cpu", "2.13.0+cpu", "2.14.0+cpu", "2.10.0+cpu")
    chosen = _choose(device, installer, find_links=(links,))
    assert chosen == f"--find-links {links} torch==2.13.0 pandas>=2.3"


def test_a_local_file_for_another_python_is_not(folder: Callable[..., Path]) -> None:
    links = folder("2.13.0+cpu", tag="cp312-cp312-manylinux_2_28_x86_64")
    assert "2.13.0" not in _choose(has_nvidia_driver=True, find_links=(links,))


def test_a_cpu_build_is_not_taken_for_cuda(folder: Callable[..., Path]) -> None:
    links = folder("2.13.0+cpu", "2.12.0+cu130")
    assert "torch==2.12.0" in _choose("cuda", find_links=(links,))
    assert "torch==2.13.0" in _choose("cpu", find_links=(links,))


def test_a_driver_means_the_default_index() -> None:
    assert _choose(has_nvidia_driver=True) == "torch<2.14,>=2.11 pandas>=2.3"
    assert _choose("cuda") == "torch<2.14,>=2.11 pandas>=2.3"


@pytest.mark.parametrize(("device", "driver"), [("auto", False), ("cpu", True)])
def test_no_driver_means_the_cpu_build(device: Device, driver: bool) -> None:
    with pytest.raises(UserError, match=r"CPU build must be found.*pip install uv.*FIND_LINKS"):
        _choose(device, has_nvidia_driver=driver)
    by_uv = _choose(device, UV, has_nvidia_driver=driver)
    assert by_uv == "--torch-backend cpu torch<2.14,>=2.11 pandas>=2.3"


def test_elsewhere_than_on_linux_the_default_is_the_cpu_build() -> None:
    assert _choose("cpu", platform="darwin") == "torch<2.14,>=2.11 pandas>=2.3"


def test_this_machine_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_FIND_LINKS", f"{tmp_path} https://example.org/wheels")
    monkeypatch.setenv("UV_FIND_LINKS", f"{tmp_path},{tmp_path / 'absent'}")
    machine = Machine.this()
    assert machine.find_links == (tmp_path,)
    assert sys.executable in machine.installer
    assert machine.torch is not None  # the tests run with the training packages


def test_uv_is_used_where_it_is_on_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "uv").write_text("#!/bin/sh\n", encoding="utf-8")
    (tmp_path / "uv").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    machine = Machine.this()
    assert machine.uses_uv
    assert machine.installer[-2:] == ("--python", sys.executable)


def test_a_driver_is_seen_by_its_tool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if Path("/proc/driver/nvidia/version").exists():
        pytest.skip("this machine has the driver itself")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not Machine.this().has_nvidia_driver
    (tmp_path / "nvidia-smi").write_text("#!/bin/sh\n", encoding="utf-8")
    (tmp_path / "nvidia-smi").chmod(0o755)
    assert Machine.this().has_nvidia_driver


def test_the_list_is_that_of_the_installed_distribution(
    distribution: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(distribution)
    names = {requirement.name for requirement in training_requirements()}
    assert {"torch", "pytorch-lightning", "scikit-learn", "pandas"} <= names
    assert not names & {"click", "pytest", "mlflow"}
    assert all(requirement.marker is None for requirement in training_requirements())


def test_without_the_distribution_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("dsf.cli.training_packages._DISTRIBUTION", "dsf-absent")
    with pytest.raises(UserError, match="must be installed"):
        training_requirements()
