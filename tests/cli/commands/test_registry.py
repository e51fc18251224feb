"""`dsf-cli registry`: versions listed and told, a champion made, refused, and taken back."""

from __future__ import annotations

import json
from itertools import takewhile
from typing import TYPE_CHECKING, Any

import pytest

from dsf.registry.trail import who_acts
from tests.registered_versions import RegisteredVersions, make_database

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Answer

    Call = Callable[..., Answer]

NAMED = ("--tracking-uri", "sqlite:///mlflow.db")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_database(tmp_path_factory.mktemp("database") / "mlflow.db")


@pytest.fixture(autouse=True)
def _plain_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "140")
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)


@pytest.fixture
def models(tmp_path: Path, database: Path, monkeypatch: pytest.MonkeyPatch) -> RegisteredVersions:
    """A challenger, one that was compared with it, one that failed, and one of somebody else."""
    folder = tmp_path / "place"
    folder.mkdir()
    monkeypatch.chdir(folder)
    made = RegisteredVersions(folder, database)
    made.add(aliases=("challenger",))
    made.add(compared_with="models:/shop/1")
    made.add(passed=False)
    made.add(by_dsf=False)
    made.add("tickets")
    return made


def told(answer: Answer) -> dict[str, Any]:
    assert answer.code == 0, answer.err
    found: dict[str, Any] = json.loads(answer.out)
    return found


def rows(answer: Answer) -> list[list[str]]:
    """The cells of each line between a table's rule and the next empty line."""
    assert answer.code == 0, answer.err
    lines = answer.out.splitlines()
    start = next(place for place, line in enumerate(lines) if set(line.strip()) == {"─"})
    return [line.split() for line in takewhile(str.strip, lines[start + 1 :])]


def test_versions_are_listed(call: Call, models: RegisteredVersions) -> None:
    foreign, failed, second, first, ticket = rows(call("registry", "list", *NAMED))
    assert first[:4] == ["shop", "1", "challenger", "better"]
    assert second[:5] == ["shop", "2", "better", "yes", "1"]
    assert second[-1] == "v2"
    assert failed[2:4] == ["worse", "no"]
    assert foreign[:2] == ["shop", "4"]
    assert ticket[0] == "tickets"
    assert len(rows(call("registry", "list", "tickets", *NAMED))) == 1
    found = told(call("registry", "list", "--json", *NAMED))
    assert found["models"] == ["shop", "tickets"]
    assert [one["uri"] for one in found["versions"]][:2] == ["models:/shop/4", "models:/shop/3"]
    assert found["versions"][0]["earned"] is None
    assert found["versions"][1]["earned"]["passed"] is False
    wrong = call("registry", "list", "shup", *NAMED)
    assert wrong.code == 2
    assert "Did you mean 'shop'?" in wrong.err


def test_a_version_is_told_with_its_trail(call: Call, models: RegisteredVersions) -> None:
    assert call("registry", "promote", "shop", *NAMED).code == 0
    assert call("registry", "promote", "shop", "2", *NAMED).code == 0
    why = ("--reason", "[red]No answers[/red] since Tuesday")
    assert call("registry", "rollback", "shop", *why, *NAMED).code == 0
    models.client.set_model_version_tag("shop", "1", "team", "search")
    answer = call("registry", "show", "shop", *NAMED)
    assert answer.out.startswith("models:/shop/1\n")
    assert "Verdict: better (passes the rule of its run)\n" in answer.out
    assert "team  search" in answer.out
    promoted, replaced, back = (
        line for line in answer.out.splitlines() if who_acts() in line.split()
    )
    assert " promoted " in promoted
    assert " replaced " in replaced
    for which in ("1", "2"):
        answer = call("registry", "show", "shop", which, *NAMED)
        back = [line for line in answer.out.splitlines() if who_acts() in line.split()][-1]
        assert " rolled back from 2 to 1 " in back
        assert " better " not in back
        assert "[red]No answers[/red] since Tuesday" in back
    found = told(call("registry", "show", "shop", "2", "--json", *NAMED))
    assert [one["what"] for one in found["trail"]] == ["promoted", "rolled back"]
    assert found["trail"][0]["when"] < found["trail"][1]["when"]
    assert (found["trail"][1]["champion_before"], found["trail"][1]["champion"]) == ("2", "1")
    assert not [tag for tag in found["tags"] if tag.startswith("dsf.trail.")]
    assert "No verdict" in call("registry", "show", "shop", "latest", *NAMED).out


@pytest.mark.parametrize("which", ["champion", "challenger"])
def test_a_version_is_shown_by_one_word(call: Call, models: RegisteredVersions, which: str) -> None:
    models.registry.set_alias(models.registry.find("shop", 2), "champion")
    uri = {"champion": "models:/shop/2", "challenger": "models:/shop/1"}[which]
    for words in ([f"shop@{which}"], [f"models:/shop@{which}"], [uri], ["shop", which]):
        assert call("registry", "show", *words, *NAMED).out.startswith(f"{uri}\n")
    twice = call("registry", "show", f"shop@{which}", "3", *NAMED)
    assert twice.code == 2
    assert f"shop@{which} names a version already, so that 3 is one too many" in twice.err
    nobody = call("registry", "show", f"tickets@{which}", *NAMED)
    assert nobody.code == 2
    assert f"There must be a version or an alias '{which}' of 'tickets'" in nobody.err


def test_a_list_says_who_is_champion_and_challenger_or_nobody(
    call: Call, models: RegisteredVersions
) -> None:
    below = call("registry", "list", *NAMED).out.partition("\n\n")[2].splitlines()
    assert "The champion is the version in use; the challenger is the one" in below[0]
    assert [line.strip() for line in below[-2:]] == [
        "shop: nobody is champion yet, version 1 is challenger.",
        "tickets: nobody is champion yet, nobody is challenger.",
    ]
    call("registry", "promote", "shop", *NAMED)
    below = call("registry", "list", "shop", *NAMED).out.partition("\n\n")[2].splitlines()
    assert below[-1].strip() == "shop: version 1 is champion, nobody is challenger."
    models.registry.set_alias(models.registry.find("shop", 2), "challenger")
    assert "is the version in use" not in call("registry", "list", "shop", *NAMED).out


def test_a_challenger_is_promoted_once(call: Call, models: RegisteredVersions) -> None:
    answer = call("registry", "promote", "shop", *NAMED)
    assert (answer.code, answer.out) == (0, "models:/shop/1 is champion now.\n")
    answer = call("registry", "promote", "shop", "2", *NAMED)
    assert answer.out == "models:/shop/2 is champion now, in place of version 1.\n"
    found = told(call("registry", "promote", "shop", "2", "--json", *NAMED))
    assert found["changed"] is False
    assert found["champion"]["aliases"] == ["champion"]
    assert found["entry"] is None
    again = call("registry", "promote", "shop", "2", *NAMED)
    assert "is champion already. Nothing was changed." in again.out


@pytest.mark.parametrize(("which", "code"), [("3", 3), ("4", 2), ("9", 2), ("challenger", 0)])
def test_the_exit_code_tells_why_not(
    call: Call, models: RegisteredVersions, which: str, code: int
) -> None:
    answer = call("registry", "promote", "shop", which, *NAMED)
    assert answer.code == code, answer.err
    champion = models.registry.champion("shop")
    assert (champion is not None) == (code == 0)


def test_a_verdict_that_is_against_it_is_told_as_json(
    call: Call, models: RegisteredVersions
) -> None:
    answer = call("registry", "promote", "shop", "3", "--json", *NAMED)
    assert answer.code == 3
    error = json.loads(answer.out)["error"]
    assert error["type"] == "PromotionRefusedError"
    assert "but is worse: f1 is 0.02 lower." in error["message"]


def test_force_goes_with_a_reason(call: Call, models: RegisteredVersions) -> None:
    for alone in (("--force",), ("--reason", "because")):
        answer = call("registry", "promote", "shop", "3", *alone, *NAMED)
        assert answer.code == 2
        assert "goes with" in answer.err
    empty = call("registry", "promote", "shop", "3", "--force", "--reason", "", *NAMED)
    assert empty.code == 2
    assert models.registry.champion("shop") is None
    answer = call("registry", "promote", "shop", "3", "--force", "--reason", "the last", *NAMED)
    assert answer.out == "models:/shop/3 is champion now (forced: the last).\n"


def test_a_rollback_is_told(call: Call, models: RegisteredVersions) -> None:
    assert call("registry", "rollback", "shop", *NAMED).code == 2  # no reason
    none = call("registry", "rollback", "shop", "--reason", "slow", *NAMED)
    assert none.code == 2
    assert "has no champion" in none.err
    for which in ("1", "2"):
        call("registry", "promote", "shop", which, *NAMED)
    found = told(call("registry", "rollback", "shop", "--reason", "slow", "--json", *NAMED))
    assert found["changed"] is True
    assert found["champion"]["version"] == "1"
    assert found["champion_before"] == "models:/shop/2"
    assert found["entry"]["reason"] == "slow"
    back = call("registry", "rollback", "shop", "--reason", "x", "--to", "2", *NAMED)
    assert back.out == "models:/shop/2 is champion again: rolled back from version 1.\n"
    never = call("registry", "rollback", "shop", "--reason", "x", "--to", "3", *NAMED)
    assert never.code == 2
    assert "models:/shop/3 cannot be champion again:" in never.err
    assert "Version 2 is champion. Before it, 1 was." in never.err


def test_the_config_of_the_project_says_where(
    call: Call, project: Path, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    RegisteredVersions(project, database).add()
    elsewhere = project / "elsewhere"
    elsewhere.mkdir()
    RegisteredVersions(elsewhere, database).add("other")
    monkeypatch.chdir(project / "trainer")
    assert told(call("registry", "list", "--json"))["models"] == ["shop"]
    config = project / "trainer" / "config.yaml"
    more = "\ntracking_config: {use_mlflow: false, tracking_uri: elsewhere}\n"
    config.write_text(config.read_text(encoding="utf-8") + more, encoding="utf-8")
    assert told(call("registry", "list", "--json"))["models"] == ["other"]
    back = ("--set", "tracking_config.tracking_uri=null")
    assert told(call("registry", "list", "--json", *back))["models"] == ["shop"]
    named = ("--tracking-uri", "sqlite:///../mlflow.db")
    assert told(call("registry", "list", "--json", *named))["models"] == ["shop"]


def test_outside_of_a_project_the_environment_says_where(
    call: Call, models: RegisteredVersions, monkeypatch: pytest.MonkeyPatch
) -> None:
    answer = call("registry", "list")
    assert answer.code == 2
    assert "Or name the registry, by --tracking-uri or MLFLOW_TRACKING_URI." in answer.err
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{models.file}")
    assert told(call("registry", "list", "--json"))["models"] == ["shop", "tickets"]


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (["list"], 2),
        (["list", "shop"], 2),
        (["show", "shop"], 2),
        (["promote", "shop"], 2),
        (["rollback", "shop", "--reason", "x"], 2),
    ],
)
def test_no_database_is_made_by_looking_for_one(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str], code: int
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = call("registry", *command, *NAMED)
    assert answer.code == code
    assert f"{tmp_path}/mlflow.db" in answer.err
    assert list(tmp_path.iterdir()) == []


def test_an_address_that_is_none_is_refused(call: Call) -> None:
    answer = call("registry", "list", "--tracking-uri", "ftp://models")
    assert answer.code == 2
    assert "must be a folder or begin with" in answer.err
    assert "ftp" in answer.err


@pytest.mark.parametrize(
    ("more", "named"),
    [
        (("--env", "big"), "--env"),
        (("--set", "tracking_config.patience=3"), "--set"),
        (("--set", "seed=3", "--env", "big"), "--env and --set"),
    ],
)
def test_a_config_beside_an_address_is_refused(
    call: Call, models: RegisteredVersions, more: tuple[str, ...], named: str
) -> None:
    answer = call("registry", "list", *NAMED, *more)
    assert answer.code == 2
    assert f"so that {named} would change nothing" in " ".join(answer.err.split())
    assert answer.out == ""


def test_an_address_of_no_file_is_no_empty_registry(call: Call, models: RegisteredVersions) -> None:
    answer = call("registry", "list", "--tracking-uri", "sqlite:///nowhere.db")
    assert answer.code == 2
    assert "nowhere.db" in answer.err
    assert "there must be a registry, but there is no file" in answer.err


def test_the_rule_and_the_notes_of_a_verdict_are_shown(
    call: Call, models: RegisteredVersions
) -> None:
    models.add(rule="non_inferiority, margin 0.2", notes="The champion has learned from 3 rows.")
    shown = call("registry", "show", "shop", "5", *NAMED)
    assert "passes the rule of its run: non_inferiority, margin 0.2" in shown.out
    assert "Note: The champion has learned from 3 rows." in shown.out
