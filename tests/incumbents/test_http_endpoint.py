"""An endpoint that is slow, fails, hangs up or talks nonsense: a real server process."""

import itertools
import json
import logging
import subprocess
import sys
import time
import urllib.request
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from dsf.core.errors import ConfigError, DataError, HookRaisedError, IncumbentError
from dsf.core.references import allow_folder
from dsf.incumbents import HttpEndpoint

NAMES = ["short", "long"]
NUMBERS = itertools.count()


@pytest.fixture(scope="module")
def server():
    command = [sys.executable, str(Path(__file__).with_name("endpoint_server.py"))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        yield f"http://127.0.0.1:{process.stdout.readline().strip()}"
        process.terminate()


@pytest.fixture
def url(server):
    """Gives a URL of a behaviour; each test has its own count of tries."""
    return lambda behaviour: f"{server}/{behaviour}/{next(NUMBERS)}"


def seen(url):
    host, _, path = url.removeprefix("http://").partition("/")
    with urllib.request.urlopen(f"http://{host}/seen/{path}") as answer:
        return json.load(answer)


def rows_of(count):
    texts = ["ab" if at % 3 else f"a longer one {at}" for at in range(count)]
    labels = [NAMES[len(text) > 3] for text in texts]
    return pd.DataFrame({"row_id": range(7, 7 + count), "text": texts, "label": labels})


def ask(url, rows=None, **options):
    options = {"backoff": 0.01, **options}
    return HttpEndpoint(url, **options).predict(rows_of(5) if rows is None else rows, NAMES)


def fault(url, rows=None, **options):
    with pytest.raises(IncumbentError) as caught:
        ask(url, rows, **options)
    (problem,) = caught.value.problems
    return str(problem)


def test_answers_of_many_requests_come_back_in_order(url):
    place, rows = url("slow"), rows_of(50)
    found = ask(place, rows, batch_size=4, concurrency=5)
    assert found.predictions.tolist() == rows["label"].tolist()
    assert found.row_ids.tolist() == rows["row_id"].tolist()
    requests = seen(place)
    sizes = [len(each["body"]["texts"]) for each in requests["seen"]]
    assert sum(sizes) == 50
    assert sorted(sizes) == [2] + [4] * 12
    assert requests["most"] > 1, "several requests must be under way at a time"


def test_no_rows_ask_nothing(url):
    place = url("ok")
    assert len(ask(place, rows_of(0)).row_ids) == 0
    assert seen(place)["seen"] == []


def test_probabilities_are_read(url):
    found = ask(url("scores"))
    assert found.probabilities.max(axis=1).tolist() == [1.0] * 5


@pytest.mark.parametrize(
    ("behaviour", "tries"),
    [
        ("fails-twice", 3),
        ("hangs-up", 2),
        ("breaks-off", 2),
        *((f"once-{status}", 2) for status in (429, 500, 501, 504, 522, 599)),
    ],
)
def test_what_fails_now_and_then_is_tried_again(url, behaviour, tries):
    place = url(behaviour)
    assert ask(place).predictions.tolist() == rows_of(5)["label"].tolist()
    assert len(seen(place)["seen"]) == tries


def test_the_server_says_how_long_to_wait(url):
    place = url("busy")
    ask(place)
    first, second = (each["at"] for each in seen(place)["seen"])
    assert second - first >= 0.9, "Retry-After was 1 s; backoff alone would be 0.01 s"


def test_tries_come_to_an_end(url):
    place = url("down")
    told = fault(place, retries=2)
    assert "answered 500 Internal Server Error in 3 tries." in told
    assert "no model" in told
    assert len(seen(place)["seen"]) == 3


def test_a_server_that_sleeps_is_not_waited_for(url):
    started = time.monotonic()
    told = fault(url("asleep"), timeout=0.2, retries=1)
    assert time.monotonic() - started < 1.8
    assert "did not in 2 tries" in told
    assert "eval_config.timeout, 0.2 s" in told


def test_an_answer_that_drips_is_not_waited_for(url):
    """Each byte comes in time, the answer would take 4 s."""
    place, started = url("drips"), time.monotonic()
    told = fault(place, timeout=0.3, retries=1)
    assert time.monotonic() - started < 2
    assert "did not in 2 tries: TimeoutError: only" in told
    assert len(seen(place)["seen"]) == 2


def test_redirects_are_not_followed_and_the_token_goes_nowhere_else(url, monkeypatch):
    monkeypatch.setenv("SHOP_TOKEN", "hush-hush")
    place = url("moved-here")
    assert "redirects (307 Temporary Redirect)" in fault(place, token_env="SHOP_TOKEN")
    assert seen(place)["seen"][-1]["token"] == "Bearer hush-hush"
    assert seen(place.replace("moved-here", "ok"))["seen"] == []


@pytest.mark.parametrize(
    ("token", "told"),
    [
        ("hush\nhush", "its character 5 of 9 is a line break"),
        ("hush-ключ", "its character 6 of 9 is not ASCII"),
    ],
)
def test_a_token_that_cannot_be_sent_is_refused_and_not_shown(url, monkeypatch, token, told):
    place = url("ok")
    monkeypatch.setenv("SHOP_TOKEN", token)
    with pytest.raises(ConfigError, match=told) as caught:
        ask(place, token_env="SHOP_TOKEN")
    for part in ("hush", "ключ"):
        assert part not in str(caught.value)
    assert seen(place)["seen"] == []


def test_nobody_is_there():
    told = fault("http://127.0.0.1:9/?key=hush-hush", retries=1)
    assert "Connection refused" in told
    assert "hush" not in told


@pytest.mark.parametrize(
    ("behaviour", "told"),
    [
        ("wrong-number", 'must give one answer a row, but gave 4 for 5: \'{"predictions": ["lon'),
        ("words", "must answer in JSON, but said: '<html>Welcome to our model</html>'"),
        ("moved", "redirects (307 Temporary Redirect) to http://127.0.0.1:1/there. Name that URL"),
        ("bare", 'nothing is at \'predictions\' in \'["long", "short"'),
    ],
)
def test_what_is_no_answer_is_shown_by_its_first_words(url, behaviour, told):
    place = url(behaviour)
    assert told in fault(place)
    assert len(seen(place)["seen"]) == 1, "it would be no better a second time"


def test_the_first_batch_alone_finds_what_is_wrong_with_all(url):
    place = url("wrong-number")
    fault(place, rows_of(40), batch_size=2)
    assert len(seen(place)["seen"]) == 1


def test_after_an_error_the_rest_is_not_asked_for(url):
    place = url("later-wrong")
    assert "gave 3 for 2" in fault(place, rows_of(400), batch_size=2, concurrency=2)
    assert len(seen(place)["seen"]) < 100


def test_labels_are_checked_and_may_be_renamed(url):
    assert "but is 'huge' in 5 rows (row_id [7, 8, 9, 10, 11])" in fault(url("unknown"))
    found = ask(url("unknown"), label_map={"huge": "long"})
    assert found.predictions.tolist() == ["long"] * 5


def test_the_token_comes_from_the_environment_and_stays_secret(url, monkeypatch, caplog):
    caplog.set_level(logging.DEBUG)
    place = url("token")
    with pytest.raises(ConfigError, match="SHOP_TOKEN, which must hold the token"):
        ask(place, token_env="SHOP_TOKEN")
    monkeypatch.setenv("SHOP_TOKEN", "wrong-secret")
    told = fault(place, token_env="SHOP_TOKEN")
    assert "401 Unauthorized. The token (eval_config.token_env)" in told
    assert "who is Bearer ***?" in told
    monkeypatch.setenv("SHOP_TOKEN", "hush-hush\n")
    ask(place, token_env="SHOP_TOKEN")
    assert seen(place)["seen"][-1]["token"] == "Bearer hush-hush"
    ask(place := url("ok"), token_env="SHOP_TOKEN", token_header="X-Key")
    assert seen(place)["seen"][-1]["token"] == "hush-hush"
    assert "hush" not in caplog.text
    assert "wrong-secret" not in caplog.text


def test_a_netrc_does_not_take_the_place_of_the_token(url, tmp_path, monkeypatch):
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login someone password else\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("SHOP_TOKEN", "hush-hush")
    place = url("token")
    ask(place, token_env="SHOP_TOKEN")
    assert seen(place)["seen"][-1]["token"] == "Bearer hush-hush"


def test_the_shape_is_configured_by_paths(url):
    place = url("nested")
    found = ask(
        place,
        body={"inputs": {"kind": "order"}, "parameters": {"top_k": None}},
        request_path="inputs.texts",
        response_path="outputs.0.items",
        answer_path="best.name",
    )
    assert found.predictions.tolist() == rows_of(5)["label"].tolist()
    (request,) = seen(place)["seen"]
    assert request["body"] == {
        "inputs": {"kind": "order", "texts": rows_of(5)["text"].tolist()},
        "parameters": {"top_k": None},
    }
    told = fault(url("nested"), request_path="inputs.texts", response_path="outputs.1.items")
    assert "nothing is at 'outputs.1' in" in told


def test_lists_alone_are_a_shape_too(url):
    found = ask(url("bare"), request_path=None, response_path=None)
    assert found.predictions.tolist() == rows_of(5)["label"].tolist()


def test_rows_are_sent_as_objects(url):
    place = url("ok")
    rows = rows_of(2).assign(
        price=[1.5, None], count=[1, 2], day=pd.to_datetime(["2026-01-02", None])
    )
    ask(place, rows, columns=["text", "price", "count", "day"])
    assert seen(place)["seen"][0]["body"]["texts"] == [
        {"text": "a longer one 0", "price": 1.5, "count": 1, "day": "2026-01-02 00:00:00"},
        {"text": "ab", "price": None, "count": 2, "day": None},
    ]
    with pytest.raises(ConfigError, match=r"eval_config\.columns: .* \['label'\] are not"):
        ask(place, columns=["label"])


def test_rows_without_texts_are_told_with_what_helps(url):
    place = url("ok")
    with pytest.raises(ConfigError, match=r"text_column: .* \['text'\] are not\..* `columns`"):
        ask(place, rows_of(2).drop(columns="text").assign(size=1))
    with pytest.raises(DataError, match=r"text: must be text .* row_id \[8\] have \[nan\]"):
        ask(place, rows_of(2).assign(text=["a", float("nan")]))
    assert seen(place)["seen"] == []


def test_functions_write_and_read(url, tmp_path, monkeypatch):
    (tmp_path / "shapes_of_ours.py").write_text(
        "def write(texts):\n    return {'texts': [text.upper() for text in texts]}\n"
        "def read(content):\n    return [each[::-1] for each in content['predictions']]\n"
        "def broken(content):\n    return content['nothing']\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    allow_folder(tmp_path)
    place = url("ok")
    names = {"gnol": "long", "trohs": "short"}
    write, read = "shapes_of_ours:write", "shapes_of_ours:read"
    found = ask(place, write_request=write, read_response=read, label_map=names)
    assert found.predictions.tolist() == rows_of(5)["label"].tolist()
    assert seen(place)["seen"][0]["body"]["texts"][0] == "A LONGER ONE 0"
    with pytest.raises(HookRaisedError, match=r"shapes_of_ours\.broken .* raised KeyError"):
        ask(place, read_response="shapes_of_ours:broken")


def test_what_is_no_json_is_named_before_it_is_posted(url, tmp_path, monkeypatch):
    (tmp_path / "sets_of_ours.py").write_text("def write(texts):\n    return {'of': set(texts)}\n")
    monkeypatch.syspath_prepend(tmp_path)
    allow_folder(tmp_path)
    place = url("ok")
    with pytest.raises(IncumbentError, match=r"request\.of: must be text, .*, but is set"):
        ask(place, rows_of(1), write_request="sets_of_ours:write")
    with pytest.raises(IncumbentError, match=r"request\.texts\.1\.size: .* is inf\."):
        ask(place, rows_of(2).assign(size=[1.0, float("inf")]), columns=["size", "text"])
    with pytest.raises(ConfigError, match=r"body\.since: .*date.*\n.*body\.most: .* is nan"):
        ask(place, body={"since": date(2024, 1, 2), "most": float("nan")})
    assert seen(place)["seen"] == []
    ask(place, rows_of(1).assign(sizes=[[1.0, None, float("nan")]]), columns=["sizes", "text"])
    (request,) = seen(place)["seen"]
    assert request["body"]["texts"][0]["sizes"] == [1.0, None, None]


def test_what_cannot_be_asked_is_refused_at_once():
    with pytest.raises(ConfigError) as caught:
        HttpEndpoint("ftp://shop", batch_size=0, concurrency=0, timeout=0, retries=-1)
    keys = [problem.where for problem in caught.value.problems]
    assert keys == ["url", "batch_size", "concurrency", "retries", "timeout"]
    with pytest.raises(ConfigError, match="must not hold a password") as caught:
        HttpEndpoint("https://me:hush-hush@shop/model")
    assert "hush" not in str(caught.value)
