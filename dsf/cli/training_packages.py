"""Which installer call brings the training packages to this machine.

torch is what makes this a question: its builds for CPU and for CUDA share name and version, and
the default index offers the one of several gigabytes. The order of preference:

1. a torch that is installed and in range stays;
2. a matching file in a folder of local packages (``PIP_FIND_LINKS``, ``UV_FIND_LINKS``) is taken;
3. with an NVIDIA driver, what the default index offers;
4. otherwise the CPU build, which uv can find and pip cannot.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from packaging.requirements import Requirement
from packaging.tags import sys_tags
from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from dsf.core.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from packaging.tags import Tag
    from packaging.version import Version

__all__ = ["Device", "Machine", "install_command", "kept_torch", "training_requirements"]

Device = Literal["auto", "cpu", "cuda"]

_DISTRIBUTION = "dsf-trainer"


@dataclass(frozen=True)
class Machine:
    """What the choice depends on.

    Attributes:
        installer: The words that begin an install call for this interpreter.
        torch: Version of the torch that is installed; ``None`` without one.
        find_links: Folders of local packages.
        has_nvidia_driver: Whether a GPU of NVIDIA can be used.
        platform: As ``sys.platform``. Only Linux has a CPU build of torch apart from the default.
        tags: What a wheel must be built for.
    """

    installer: tuple[str, ...]
    torch: str | None = None
    find_links: tuple[Path, ...] = ()
    has_nvidia_driver: bool = False
    platform: str = "linux"
    tags: frozenset[Tag] = field(default_factory=lambda: frozenset(sys_tags()))

    @classmethod
    def this(cls) -> Machine:
        """Look at this machine and this interpreter."""
        return cls(
            installer=_find_installer(),
            torch=_installed_torch(),
            find_links=_find_links(),
            has_nvidia_driver=_find_nvidia_driver(),
            platform=sys.platform,
        )

    @property
    def uses_uv(self) -> bool:
        """Whether the installer is uv, whose options differ from pip's."""
        return "uv" in self.installer


def training_requirements() -> list[Requirement]:
    """Read the packages of the extra ``train`` from the installed distribution.

    Raises:
        UserError: If dsf runs from a folder without being installed.
    """
    try:
        lines = metadata.requires(_DISTRIBUTION) or []
    except metadata.PackageNotFoundError as error:
        raise UserError(
            f"{_DISTRIBUTION} must be installed for its list of packages to be known, but is not. "
            "Install it first: pip install --editable . in its checkout."
        ) from error
    found = []
    for requirement in map(Requirement, lines):
        marker, requirement.marker = requirement.marker, None
        if marker and not marker.evaluate({"extra": ""}) and marker.evaluate({"extra": "train"}):
            found.append(requirement)
    return found


def install_command(
    requirements: Sequence[Requirement], machine: Machine, device: Device = "auto"
) -> list[str]:
    """Choose the arguments that install ``requirements``, torch among them, on ``machine``.

    Args:
        requirements: What is wanted.
        machine: Where.
        device: ``auto`` for what the machine has.

    Returns:
        A list of arguments, not for a shell.

    Raises:
        UserError: If only the large build can be found.
    """
    (torch,) = (line for line in requirements if line.name == "torch")
    options: list[str] = []
    kept = kept_torch(requirements, machine)
    local = _find_wheel(torch, machine, device)
    if kept:
        # The public version: a build tag such as +cpu confuses resolvers, and without it the
        # installed build satisfies the pin and stays.
        torch = Requirement(f"torch=={kept.partition('+')[0]}")
    elif local:
        folder, version = local
        torch = Requirement(f"torch=={version.public}")
        options = ["--find-links", str(folder)]
    elif device == "cpu" or (device == "auto" and not machine.has_nvidia_driver):
        options = _cpu_index(machine)
    others = [line for line in requirements if line.name != "torch"]
    return [*machine.installer, *options, *map(str, [torch, *others])]


def kept_torch(requirements: Sequence[Requirement], machine: Machine) -> str | None:
    """Give the version of the installed torch if it is in range, which means that it stays."""
    (torch,) = (line for line in requirements if line.name == "torch")
    if machine.torch and torch.specifier.contains(machine.torch, prereleases=True):
        return machine.torch
    return None


def _cpu_index(machine: Machine) -> list[str]:
    if machine.platform != "linux":
        return []  # the default index has no other build there
    if machine.uses_uv:
        return ["--torch-backend", "cpu"]
    raise UserError(
        "torch's CPU build must be found, but pip's own index offers only the build of several "
        "gigabytes for CUDA. Install uv, which knows the place (pip install uv), and call this "
        "again; or name a folder that holds the wheel in PIP_FIND_LINKS; or take the large build "
        "with --device cuda."
    )


def _find_wheel(
    torch: Requirement, machine: Machine, device: Device
) -> tuple[Path, Version] | None:
    """Find the newest local file of torch that fits version, interpreter and device."""
    found: list[tuple[Version, Path]] = []
    for folder in machine.find_links:
        for path in folder.glob("torch-*.whl"):
            try:
                _, version, _, tags = parse_wheel_filename(path.name)
            except InvalidWheelFilename:
                continue
            fits = torch.specifier.contains(version) and tags & machine.tags
            if fits and _suits(version, device):
                found.append((version, folder))
    if not found:
        return None
    version, folder = max(found)
    return folder, version


def _suits(version: Version, device: Device) -> bool:
    """Say if a build is for a device; one without a tag is what the default index offers."""
    build = version.local or ""
    if device == "cpu":
        return build == "cpu"
    return build != "cpu" if device == "cuda" else True


def _installed_torch() -> str | None:
    if importlib.util.find_spec("torch") is None:
        return None
    try:
        return metadata.version("torch")
    except metadata.PackageNotFoundError:
        return None


def _find_installer() -> tuple[str, ...]:
    if importlib.util.find_spec("uv"):
        return (sys.executable, "-m", "uv", "pip", "install", "--python", sys.executable)
    if shutil.which("uv"):
        return ("uv", "pip", "install", "--python", sys.executable)
    return (sys.executable, "-m", "pip", "install")


def _find_links() -> tuple[Path, ...]:
    """Folders named by pip's and uv's variables; addresses among them are left to the installer."""
    words = [
        word
        for variable in ("PIP_FIND_LINKS", "UV_FIND_LINKS")
        for word in os.environ.get(variable, "").replace(",", " ").split()
    ]
    return tuple(dict.fromkeys(Path(word) for word in words if Path(word).is_dir()))


def _find_nvidia_driver() -> bool:
    return shutil.which("nvidia-smi") is not None or Path("/proc/driver/nvidia/version").exists()
