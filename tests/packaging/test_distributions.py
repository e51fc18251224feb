"""What is inside the wheel and the sdist, and that what is asked for fits the tested lock."""

from __future__ import annotations

import email
import re
import tarfile
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from dsf.core.extras import EXTRAS

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements_docker.txt"
LOCKED_EXTRAS = ("", "train", "fast", "offline-encoder", "dev")


@pytest.fixture(scope="module")
def wheel_files(distributions: dict[str, Path]) -> list[str]:
    with zipfile.ZipFile(distributions["wheel"]) as archive:
        return archive.namelist()


@pytest.fixture(scope="module")
def sdist_files(distributions: dict[str, Path]) -> list[str]:
    with tarfile.open(distributions["sdist"]) as archive:
        names = [member.name for member in archive.getmembers() if member.isfile()]
    return [name.partition("/")[2] for name in names]


@pytest.fixture(scope="module")
def metadata(distributions: dict[str, Path], wheel_files: list[str]) -> email.message.Message:
    (name,) = [name for name in wheel_files if name.endswith(".dist-info/METADATA")]
    with zipfile.ZipFile(distributions["wheel"]) as archive:
        return email.message_from_bytes(archive.read(name))


def _requirements(metadata: email.message.Message) -> dict[str, list[Requirement]]:
    """The requirements of the wheel by extra; ``""`` holds those that are always installed."""
    found: dict[str, list[Requirement]] = {}
    for line in metadata.get_all("Requires-Dist") or []:
        requirement = Requirement(line)
        extra = re.search(r'extra == "([^"]+)"', str(requirement.marker or ""))
        found.setdefault(extra[1] if extra else "", []).append(requirement)
    return found


def _pins() -> dict[str, str]:
    lines = LOCK.read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    assert len(pins) > 50
    assert all(re.fullmatch(r"[a-z0-9._-]+==[^\s;]+", line) for line in pins), "one pin a line"
    return {canonicalize_name(name): version for name, version in (p.split("==") for p in pins)}


def test_only_our_name_is_taken(wheel_files: list[str]) -> None:
    top = {name.partition("/")[0] for name in wheel_files}
    assert {name for name in top if not name.endswith(".dist-info")} == {"dsf"}


def test_every_file_of_the_package_is_shipped(
    source: Path, wheel_files: list[str], sdist_files: list[str]
) -> None:
    wanted = {
        path.relative_to(source).as_posix()
        for path in (source / "dsf").rglob("*")
        if path.suffix in (".py", ".j2", ".typed")
    }
    assert "dsf/py.typed" in wanted
    assert any(name.endswith(".j2") for name in wanted)
    assert wanted <= set(wheel_files)
    assert wanted <= set(sdist_files)


def test_every_file_of_the_templates_is_shipped(
    source: Path, wheel_files: list[str], sdist_files: list[str]
) -> None:
    wanted = {
        path.relative_to(source).as_posix()
        for path in (source / "templates").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    names = {part for name in wanted for part in name.split("/")}
    assert any("{{" in name for name in names)
    assert {".gitignore", ".github", ".pre-commit-config.yaml"} <= names
    assert {"overlays", "ner", "sample.iob2", "sample.conllu", "sample.csv"} <= names
    assert {f"dsf/{name}" for name in wanted} <= set(wheel_files)
    assert wanted <= set(sdist_files)


def test_nothing_compiled_is_shipped(wheel_files: list[str], sdist_files: list[str]) -> None:
    litter = [
        name for name in wheel_files + sdist_files if re.search(r"__pycache__|\.py[co]$", name)
    ]
    assert not litter


def test_the_sdist_has_no_tests_or_projects(sdist_files: list[str]) -> None:
    top = {name.partition("/")[0] for name in sdist_files}
    assert not top & {"trainer", "benchmarks", "demo", "docs"}


def test_the_metadata_names_the_package(metadata: email.message.Message) -> None:
    assert metadata["Name"] == "dsf-trainer"
    assert metadata["Requires-Python"] == ">=3.11"
    assert f'__version__ = "{metadata["Version"]}"' in (ROOT / "dsf/__init__.py").read_text()


def test_the_extras_are_those_the_errors_name(metadata: email.message.Message) -> None:
    assert set(metadata.get_all("Provides-Extra") or []) == EXTRAS


def test_all_is_every_extra_but_dev(metadata: email.message.Message) -> None:
    requirements = _requirements(metadata)
    single = {
        (line.name, str(line.specifier))
        for extra, lines in requirements.items()
        if extra not in ("", "all", "dev")
        for line in lines
    }
    assert {(line.name, str(line.specifier)) for line in requirements["all"]} == single
    assert "" in requirements
    assert len(single) > 10


def test_the_core_is_light(metadata: email.message.Message) -> None:
    names = {canonicalize_name(line.name) for line in _requirements(metadata)[""]}
    heavy = {
        "torch",
        "pytorch-lightning",
        "pandas",
        "numpy",
        "scikit-learn",
        "matplotlib",
        "mlflow",
    }
    assert names
    assert not names & heavy


def test_every_requirement_has_a_lower_bound(metadata: email.message.Message) -> None:
    loose = [
        str(line)
        for lines in _requirements(metadata).values()
        for line in lines
        if not any(part.operator in (">=", "==") for part in line.specifier)
    ]
    assert not loose


def test_the_lock_pins_what_is_asked_for(metadata: email.message.Message) -> None:
    requirements, pins = _requirements(metadata), _pins()
    asked = [line for extra in LOCKED_EXTRAS for line in requirements[extra]]
    wrong = [
        f"{line.name}{line.specifier}: the lock has {pins.get(canonicalize_name(line.name))}"
        for line in asked
        if not line.specifier.contains(pins.get(canonicalize_name(line.name), "0"))
    ]
    assert not wrong, "run `make lock`:\n" + "\n".join(wrong)


def test_the_lock_suits_every_build_of_torch() -> None:
    """A build tag such as ``+cpu`` would refuse all other builds."""
    assert re.fullmatch(r"\d+\.\d+\.\d+", _pins()["torch"])
    assert "--" not in LOCK.read_text(encoding="utf-8"), "no options of an installer in the lock"
