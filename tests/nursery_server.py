"""Imports once what many processes need, and forks; tests/nursery.py talks to it.

One line of JSON in, one line out. ``{"killable": job, "env"}`` goes to e2e/killable.py, with what
the environment has in addition; ``{"command": {"words", "cwd", "out", "err"}, "env"}`` is what
``python`` followed by the words does, with the whole environment. The answer is ``{"exit", …}``.
"""

from __future__ import annotations

import atexit
import importlib
import json
import os
import runpy
import sys
import threading
import traceback
from typing import Any

import jinja2.ext  # noqa: F401
import matplotlib.backends.backend_agg
import matplotlib.backends.backend_svg
import matplotlib.font_manager  # noqa: F401
import pyarrow.dataset  # noqa: F401
import torch
import transformers  # noqa: F401
from PIL import Image

import dsf.cli.main
import dsf.tasks.multilabel  # noqa: F401
from dsf.report.templating import make_environment
from tests.e2e import killable

torch.set_num_threads(1)
Image.init()
for templates in (make_environment(html=True), make_environment(html=False)):
    for name in templates.list_templates():
        templates.get_template(name)

# What torch, pandas, pydantic and scikit-learn import only when they are used.
LATE = (
    "matplotlib.style.core",
    "narwhals._pandas_like.dataframe",
    "narwhals.stable.v2._namespace",
    "pandas.core.arrays.arrow.extension_types",
    "pandas.io.formats.csvs",
    "pydantic.dataclasses",
    "pydantic.type_adapter",
    "sympy.tensor.tensor",
    "torch._export.passes.replace_autocast_with_hop_pass",
    "torch._functorch.aot_autograd",
    "torch.export._trace",
    "torch.utils.serialization.config",
)
for name in LATE:
    importlib.import_module(name)

PROJECTS = ("trainer", "tests")  # what every project calls its packages


def run_words(words: list[str]) -> int:
    """Do what ``python`` does with these words; give the code of the end."""
    code: Any = 0
    try:
        if words[0] == "-m":
            sys.argv = words[1:]
            runpy.run_module(words[1], run_name="__main__", alter_sys=True)
        else:
            assert words[0] == "-c"
            sys.argv = ["-c", *words[2:]]
            exec(compile(words[1], "<string>", "exec"), {"__name__": "__main__"})
    except SystemExit as end:
        code = end.code
    except BaseException:  # noqa: BLE001
        traceback.print_exc()
        code = 1
    if isinstance(code, str):
        sys.stderr.write(f"{code}\n")
    return int(code or 0) if isinstance(code, int | None) else 1


def be_command(job: dict[str, Any], env: dict[str, str]) -> None:
    """Take the place of a fresh process, and end with its code."""
    code = 1
    try:
        for number, path, mode in ((0, os.devnull, os.O_RDONLY), (1, job["out"], os.O_WRONLY)):
            os.dup2(os.open(path, mode | os.O_CREAT), number)
        os.dup2(os.open(job["err"], os.O_WRONLY | os.O_CREAT | os.O_APPEND), 2)
        os.environ.clear()
        os.environ.update(env)
        os.chdir(job["cwd"])
        sys.dont_write_bytecode = bool(env.get("PYTHONDONTWRITEBYTECODE"))
        for name in list(sys.modules):
            if name.partition(".")[0] in PROJECTS:
                del sys.modules[name]
        sys.path[0] = job["cwd"]
        code = run_words(job["words"])
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
        sys.stdout.flush()
        sys.stderr.flush()
    finally:
        os._exit(code & 0xFF)


def do(message: dict[str, Any]) -> dict[str, Any]:
    """Have a child for one job, and say what came of it."""
    if "killable" in message:
        return killable.do(message["killable"], message["env"])
    child = os.fork()
    if child == 0:
        be_command(message["command"], message["env"])
    return {"exit": os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}


if __name__ == "__main__":
    for line in sys.stdin:
        sys.stdout.write(json.dumps(do(json.loads(line))) + "\n")
        sys.stdout.flush()
