"""The docs are whole: every page is reached, every link leads somewhere, every example is true."""

from __future__ import annotations

import doctest
import importlib
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest
import yaml

from dsf.core.config import load_config, resolve_config
from dsf.core.errors import ConfigError
from dsf.data import STRATEGIES
from dsf.data.readers import FORMATS
from dsf.losses.table import LOSSES
from dsf.tasks import TASKS
from dsf.tasks.config import TextProjectConfig

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"


def _pages() -> list[Path]:
    found = sorted(DOCS.rglob("*.md"))
    assert len(found) > 5, f"only {len(found)} pages found in {DOCS}"
    return found


def _texts() -> list[Path]:
    return [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md")]


def _id(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _in_nav(entries: object) -> set[str]:
    if isinstance(entries, str):
        return {entries}
    children = entries.values() if isinstance(entries, dict) else entries
    assert not isinstance(children, str)
    return set().union(*map(_in_nav, children))


def _blocks(path: Path, language: str) -> list[str]:
    text = path.read_text(encoding="utf-8")
    return re.findall(rf"^```{language}\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)


def test_every_page_is_in_the_navigation() -> None:
    nav = _in_nav(yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"])
    assert nav == {page.relative_to(DOCS).as_posix() for page in _pages()}


def test_every_folder_of_the_package_has_a_reference_page() -> None:
    folders = {path.parent.name for path in (ROOT / "dsf").glob("*/__init__.py")}
    pages = {page.stem for page in (DOCS / "reference").glob("*.md")} - {"index"}
    assert folders
    assert folders == pages, "copy docs/reference/base.md, name it in mkdocs.yml and index.md there"
    index = (DOCS / "reference" / "index.md").read_text(encoding="utf-8")
    assert [page for page in sorted(pages) if f"({page}.md)" not in index] == []


def test_the_docs_build_without_a_warning(tmp_path: Path) -> None:
    """Strictly: broken links, anchors, and docstrings that name arguments that are not there."""
    answer = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert answer.returncode == 0, answer.stdout + answer.stderr
    pages = [path.read_text(encoding="utf-8") for path in tmp_path.rglob("index.html")]
    assert len(pages) == len(_pages())
    assert not [page for page in pages if re.search(r":(class|meth|func|mod):", page)]


@pytest.mark.parametrize("path", _texts(), ids=_id)
def test_links_between_files_lead_somewhere(path: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", path.read_text(encoding="utf-8"))
    missing = [target for target in targets if not (path.parent / target).exists()]
    assert not missing


def test_the_changes_have_a_place_for_the_next_one() -> None:
    text = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert re.search(r"^## \[Unreleased\]$", text, re.MULTILINE)


@pytest.mark.parametrize("path", _pages(), ids=_id)
def test_code_on_a_page_is_python(path: Path) -> None:
    for block in _blocks(path, "python"):
        compile(textwrap.dedent(block), str(path), "exec")  # a method stands as in its class


def test_the_project_on_another_engine_runs(tmp_path: Path) -> None:
    """The page says that it is complete and free of torch; take it at its word."""
    (code,) = _blocks(DOCS / "extend" / "another-engine.md", "python")
    proof = """
import sys
assert not {"torch", "pytorch_lightning"} & sys.modules.keys()
assert comparison["accuracy"]["trained"] > 0.8 > comparison["accuracy"]["eval"], comparison
"""
    (tmp_path / "iris.py").write_text(code + proof, encoding="utf-8")
    answer = subprocess.run(
        [sys.executable, "iris.py"], cwd=tmp_path, capture_output=True, text=True
    )
    assert answer.returncode == 0, answer.stderr
    assert (tmp_path / "training_output" / "v1" / "5_compare" / "report.html").is_file()


def test_a_hook_on_a_page_does_what_the_page_says() -> None:
    (code,) = _blocks(DOCS / "extend" / "a-hook.md", "python")
    namespace: dict[str, object] = {"__name__": "example"}
    exec(compile(code, "a-hook.md", "exec"), namespace)
    import pandas as pd

    rows = pd.DataFrame({"row_id": range(60), "customer": [f"c{i // 3:02}" for i in range(60)]})
    preparation = namespace["MyShopDatasetPreparation"]
    parts = preparation(None, {}).get_parts(rows)  # type: ignore[operator]
    customers = [set(table["customer"]) for table in parts.values()]
    assert sum(map(len, customers)) == len(set().union(*customers)) == 20


def test_the_mistakes_on_the_page_are_answered_as_shown(tmp_path: Path) -> None:
    (shown,) = _blocks(DOCS / "configuration.md", "text")
    (tmp_path / "config.yaml").write_text("project: shop\n", encoding="utf-8")
    overrides = re.findall(r"--set (\S+)\)$", shown, re.MULTILINE)
    with pytest.raises(ConfigError) as caught:
        load_config(tmp_path / "config.yaml", overrides=overrides, environ={})
    assert len(overrides) == 2
    assert str(caught.value) == shown.strip()


@pytest.mark.parametrize("block", _blocks(DOCS / "guide" / "text-tasks.md", "yaml"))
def test_the_config_of_a_text_task_can_be_set_as_shown(block: str, tmp_path: Path) -> None:
    (tmp_path / "config.yaml").write_text(block, encoding="utf-8")
    resolved = load_config(tmp_path / "config.yaml", environ={}, schema=TextProjectConfig)
    for section, keys in yaml.safe_load(block).items():
        assert set(keys) <= set(resolved[section])


def test_the_keys_of_a_text_task_are_keys() -> None:
    """The tables of the page name no key that is not in the schema."""
    text = (DOCS / "guide" / "text-tasks.md").read_text(encoding="utf-8")
    table = text.partition("| key | what it does |")[2].partition("\n\n")[0]
    shown = {
        key
        for line in table.strip().splitlines()
        for key in re.findall(r"`(\w+)`", line.split("|")[1])
    }
    known = set(resolve_config({}, schema=TextProjectConfig)["model_config"])
    known |= set(resolve_config({})["dataset_config"]) | {"dataset_config"}
    assert len(shown) > 20
    assert shown <= known
    assert all(f"`{name}`" in text for name in (*FORMATS, *STRATEGIES, *TASKS, *LOSSES))


def _modules_with_examples() -> list[str]:
    found = [
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in sorted((ROOT / "dsf").rglob("*.py"))
        if ">>> " in path.read_text(encoding="utf-8")
    ]
    assert found, "no docstring has an example: is the search broken?"
    return found


@pytest.mark.parametrize("name", _modules_with_examples())
def test_examples_in_docstrings_are_true(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted
    assert not result.failed
