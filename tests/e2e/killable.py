"""Runs the reference project in children that can be killed; tests/nursery_server.py forks them.

A job is ``{"run", "step", "folder", "kill_at", "in_write"}``. The child works in ``run``, on
``step`` alone if that is there, and counts what it does to files there, from the first thing that
concerns the work folder of ``folder`` to the first that concerns another step's. It is killed
before it does number ``kill_at``, or a moment after it has opened the temporary file of a
checkpoint (``in_write``: the file's name, which writing of it, and the moment in seconds; by
SIGALRM, which nobody handles). The answer is ``{"exit", "events", "fatal"}``.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from pathlib import Path

from trainer.config import load
from trainer.dataset_preparation import DigitsDatasetPreparation
from trainer.trainer_main import DigitsMain

COUNTED = {"open", "os.chmod", "os.mkdir", "os.remove", "os.rename", "os.rmdir", "shutil.rmtree"}
FOLDERS = ("1_split", "2_fit", "3_test", "4_eval", "5_compare", "6_export")
SETTINGS = (
    "model_config.channels=4",
    "trainer_config.max_epochs=3",
    "trainer_config.accelerator=cpu",
    "trainer_config.devices=1",
    "trainer_config.logger=false",
    "trainer_config.enable_progress_bar=false",
    "trainer_config.enable_model_summary=false",
    "bootstrap_config.n_iterations=20",
)


class FewDigits(DigitsDatasetPreparation):
    """Rows enough to learn from, and labels few enough to be drawn often."""

    def load(self):
        rows = super().load()
        return rows[rows[self.dataset_config["label_column"]] < 2].head(240)


class FewDigitsMain(DigitsMain):
    """The reference project with few rows."""

    dataset_preparation_class = FewDigits


class Watch:
    """Counts what happens to the files of a run, and ends the process at the right moment."""

    def __init__(self, job: dict, pipe: int) -> None:
        self.run, self.pipe = f"{Path(job['run']).resolve()}/", pipe
        self.work = f"{job['folder']}.work"
        self.others = tuple(f"{name}.work" for name in FOLDERS if name != job["folder"])
        self.kill_at, self.in_write = job.get("kill_at"), job.get("in_write")
        self.begun = self.ended = False
        self.events: list[str] = []
        self.written = 0

    def __call__(self, event: str, args: tuple) -> None:
        if event not in COUNTED or self.ended or not isinstance(args[0], str | os.PathLike):
            return
        path = os.fspath(args[0])
        if not isinstance(path, str) or not path.startswith(self.run):
            return
        path = path[len(self.run) :]
        self.begun = self.begun or path.startswith(self.work)
        self.ended = self.begun and path.startswith(self.others)
        if self.begun and not self.ended:
            self.note(event, path, args)

    def note(self, event: str, path: str, args: tuple) -> None:
        to = f" -> {Path(os.fspath(args[1])).name}" if event == "os.rename" else ""
        happening = f"{event} {path}{to}"
        if len(self.events) == self.kill_at:
            self.send({"fatal": happening})
            os.kill(os.getpid(), signal.SIGKILL)
        self.events.append(happening)
        if self.in_write and event == "open" and path.endswith(".ckpt.work"):
            if not Path(path).name.startswith(f".{self.in_write['name']}."):
                return
            # Thrice a file: mkstemp makes it, torch writes it, and it is put on the disk.
            self.written += 1
            if self.written == 3 * self.in_write["nth"] - 1:
                self.send({"fatal": happening})
                # The system ends the process when the time is up, whatever else is running: a
                # signal from another process would come too late on a busy machine.
                signal.setitimer(signal.ITIMER_REAL, self.in_write["delay"])

    def send(self, message: dict) -> None:
        os.write(self.pipe, (json.dumps(message) + "\n").encode())


def be_child(job: dict, env: dict, pipe: int) -> None:
    """Do one step in ``job["run"]``, or the whole chain, or what is left of it."""
    code = 1
    try:
        os.dup2(2, 1)
        os.environ.update(env)
        run = Path(job["run"])
        main = FewDigitsMain(load(overrides=SETTINGS), run_dir=run, resume=run.is_dir())
        if job.get("folder"):
            watch = Watch(job, pipe)
            sys.addaudithook(watch)
        if "step" in job:
            main.run_step(job["step"])
        else:
            main.run()
        code = 0
        if job.get("folder"):
            with os.fdopen(pipe, "w") as stream:
                stream.write(json.dumps({"events": watch.events}) + "\n")
    except BaseException:
        traceback.print_exc()
        raise
    finally:
        os._exit(code)


def do(job: dict, env: dict) -> dict:
    """Have a child, end it if it asks for that, and say what came of it.

    Args:
        job: What it shall do.
        env: What its environment has in addition.
    """
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        be_child(job, env, writing)
    os.close(writing)
    answer = {"events": [], "fatal": ""}
    with os.fdopen(reading) as stream:
        for line in stream:
            message = json.loads(line)
            answer |= message
    return answer | {"exit": os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}
