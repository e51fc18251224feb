"""Versions are allocated without a race, found again by number, and held by one process."""

import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dsf.core.errors import RunLockedError, RunMismatchError, RunNotFoundError, StorageError
from dsf.core.run_folder import RunFolder
from dsf.core.run_record import RunRecord, StepRecord


def make_record(**changes):
    fields = {"dsf_version": "1", "created": "now", "project": "p", "task": "t", "seed": 1}
    return RunRecord(**fields, config_hash="h", **changes)


def test_versions_count_up(tmp_path):
    assert [RunFolder.create(tmp_path / "out").version for _ in range(3)] == ["v1", "v2", "v3"]


@pytest.mark.parametrize("make", [RunFolder.create, RunFolder.create_at])
def test_a_place_where_no_folder_can_be_is_a_mistake_of_the_user(tmp_path, make):
    file = tmp_path / "file"
    file.write_text("")
    for place, said in [
        (file, rf"{file} is a file"),
        (file / "below", rf"{file} is a file"),
        (Path("/proc/x"), "no folder can be made there"),
        (tmp_path / ("x" * 300), "no folder can be made there"),
    ]:
        with pytest.raises(StorageError, match=said) as caught:
            make(place)
        assert "paths.output" in str(caught.value)
        assert "--resume" not in str(caught.value)


def test_the_next_version_is_above_the_highest(tmp_path):
    for name in ("v2", "v10", "v9", "v011", "w99", "v3.work"):
        (tmp_path / name).mkdir()
    (tmp_path / "v50").write_text("a file is no run")
    assert RunFolder.create(tmp_path).version == "v11"


@given(numbers=st.sets(st.integers(1, 10**6), min_size=1, max_size=8))
def test_latest_is_the_highest_number(tmp_path_factory, numbers):
    output = tmp_path_factory.mktemp("out")
    for number in sorted(numbers, reverse=True):  # the newest by time is the lowest
        (output / f"v{number}").mkdir()
    assert RunFolder.latest(output).version == f"v{max(numbers)}"


def test_latest_needs_a_run(tmp_path):
    with pytest.raises(RunNotFoundError, match=r"there is none.*dsf-cli run"):
        RunFolder.latest(tmp_path / "nowhere")


def test_two_processes_get_two_folders(tmp_path):
    code = (
        "import sys; from pathlib import Path; from dsf.core.run_folder import RunFolder\n"
        "for _ in range(20): print(RunFolder.create(Path(sys.argv[1])).version)"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    versions = [line for one in processes for line in one.communicate()[0].split()]
    assert len(set(versions)) == len(versions) == 60


def test_a_run_is_held_by_one_process(tmp_path):
    run = RunFolder.create(tmp_path)
    code = (
        "import sys; from pathlib import Path; from dsf.core.run_folder import RunFolder\n"
        "with RunFolder(Path(sys.argv[1])).locked(): print('in')"
    )
    command = [sys.executable, "-c", code, str(run.path)]
    with run.locked(), run.locked():
        other = subprocess.run(command, capture_output=True, text=True, check=False)
        assert "RunLockedError" in other.stderr
    other = subprocess.run(command, capture_output=True, text=True, check=False)
    assert other.stdout.strip() == "in"


def test_locked_twice_in_one_process(tmp_path):
    run = RunFolder.create(tmp_path)
    with run.locked(), pytest.raises(RunLockedError, match="only one process"):
        RunFolder(run.path).locked().__enter__()


def test_records_come_back_as_written(tmp_path):
    steps = {"split": StepRecord("done", "k", "a", "b", 1.5)}
    record = make_record(steps=steps, git={"commit": "c", "dirty": True})
    record.write(tmp_path)
    assert RunRecord.read(tmp_path) == record


def _with_step(**changes):
    step = {"status": "done", "key": "k", "started": "now", **changes}
    return json.dumps(asdict(make_record()) | {"steps": {"fit": step}})


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", r"it is no JSON \(EOF.* line 1"),
        ("\x00", "it is no JSON"),
        ("[]", "it is no JSON object"),
        ("{}", "dsf_version is missing; created is missing"),
        ('{"steps": 3}', "steps must be an object, not 3"),
        ('{"steps": {}, "x": 1}', "x is not known"),
        (_with_step(status="finished"), r"steps\.fit\.status must be one of 'running'.*finished"),
        (_with_step(seconds="long"), r'steps\.fit\.seconds must be a valid number, not "long"'),
        (_with_step(colour="red"), r"steps\.fit\.colour is not known"),
    ],
)
def test_a_broken_record_is_named_with_all_that_is_wrong(tmp_path, content, said):
    (tmp_path / "run.json").write_text(content)
    wanted = rf"run\.json: must be the record of a run.*but .*{said}.*start a new run"
    with pytest.raises(RunMismatchError, match=wanted):
        RunRecord.read(tmp_path)


def test_a_file_leads_to_its_run(tmp_path):
    run = RunFolder.create(tmp_path)
    make_record().write(run.path)
    checkpoint = run.path / "2_fit" / "checkpoints" / "best.ckpt"
    found = RunFolder.holding(checkpoint)
    assert found is not None
    assert found.path == run.path
    assert RunFolder.holding(tmp_path / "best.ckpt") is None


def test_open_wants_a_run(tmp_path):
    with pytest.raises(RunNotFoundError, match="a run folder"):
        RunFolder.open(tmp_path)
    assert RunFolder.open(RunFolder.create(tmp_path).path).version == "v1"


def test_a_new_run_wants_an_empty_folder(tmp_path):
    assert RunFolder.create_at(tmp_path / "new").read_record() is None
    (tmp_path / "used").mkdir()
    (tmp_path / "used" / "file").write_text("")
    with pytest.raises(RunNotFoundError, match="needs an empty folder"):
        RunFolder.create_at(tmp_path / "used")
