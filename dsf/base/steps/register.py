"""register: the bundle becomes a version of a registered model, once it was loaded back."""

from __future__ import annotations

import json
import logging
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from dsf.base.steps.compare import COMPARE, COMPARISON_FILE, REPORT_FILE
from dsf.base.steps.comparing import read_answers
from dsf.base.steps.evaluate import EVALUATE, EXISTING_FILE
from dsf.base.steps.export import BUNDLE_FOLDER, EXPORT, EXPORT_FILE
from dsf.base.steps.step import Step, files_named
from dsf.core.atomic import write_json
from dsf.core.errors import BundleError, Problem
from dsf.core.run_record import RunRecord
from dsf.registry import Earned, NewVersion, register_bundle
from dsf.report import CARD_FILE

if TYPE_CHECKING:
    from pathlib import Path

    from dsf.base.steps.step import StepContext
    from dsf.registry import Registered

__all__ = ["EARLIER", "REGISTER", "REGISTRATION_FILE"]

log = logging.getLogger("dsf")

REGISTRATION_FILE = "registration.json"
"""What the run is registered as: the last one, and those before it under :data:`EARLIER`."""

EARLIER = "earlier"
"""Key of the list of what the bundle was registered as before, under other names."""


def _perform(context: StepContext) -> None:
    """Register the bundle of the export step with the verdict that it earned there."""
    exported = _read(context.run / EXPORT.folder / EXPORT_FILE)
    if exported["bundle"] is None:
        reasons = [Problem("", reason) for reason in exported["reason"]]
        raise BundleError("There is no bundle that could be registered.", reasons)
    made = _register(context)
    before = "" if made.is_new else "was registered before, and "
    log.info("%-8s %s %s%s", REGISTER.name, made.uri, before, made.standing)
    place = context.options["tracked"].settings.find_place().shown
    latest = {**asdict(made), "uri": made.uri, "registry": place}
    content = {**latest, EARLIER: _earlier(context, latest)}
    write_json(context.folder / REGISTRATION_FILE, content)


def _earlier(context: StepContext, latest: dict[str, Any]) -> list[dict[str, Any]]:
    """List what the bundle was registered as before, the first one first: it still is."""
    path = context.run / REGISTER.folder / REGISTRATION_FILE
    if not path.is_file():
        return []
    try:
        before = _read(path)
        known = [*before.pop(EARLIER, []), before]
        return [one for one in known if latest != {**latest, **_address(one)}]
    except (ValueError, TypeError, AttributeError):
        log.warning("%-8s %s was changed: what it told is lost", REGISTER.name, path)
        return []


def _address(registered: dict[str, Any]) -> dict[str, Any]:
    return {key: registered[key] for key in ("uri", "registry") if key in registered}


def _register(context: StepContext) -> Registered:
    section, folder = context.config["register_config"], context.run / EXPORT.folder
    answers = read_answers(folder)
    assert answers is not None  # an export that made a bundle has kept them
    card = context.run / COMPARE.folder / CARD_FILE
    tracked = context.options["tracked"]
    new = NewVersion(
        section["name"],
        description=section["description"] or "",
        card=card.read_text(encoding="utf-8") if card.is_file() else "",
        tags={name: str(text) for name, text in section["tags"].items()},
        tolerance=section["tolerance"],
    )
    return register_bundle(
        folder / BUNDLE_FOLDER,
        context.options["rows"],
        answers,
        new,
        _earned(context, tracked.run_id),
        settings=tracked.settings,
        run_id=tracked.run_id,
    )


def _earned(context: StepContext, run_id: str) -> Earned:
    """Give the verdict on the bundle's own answers."""
    folder, record = context.run / EXPORT.folder, RunRecord.read(context.run)
    verdict: dict[str, Any] = _read(folder / COMPARISON_FILE)["verdict"]
    existing = _read(context.run / EVALUATE.folder / EXISTING_FILE)
    return Earned(
        verdict=verdict["verdict"],
        passed=verdict["passed"],
        reason=verdict["reason"],
        compared_with=existing["name"],
        bundle=_read(folder / EXPORT_FILE)["hash"],
        run=str(context.run),
        report=f"runs:/{run_id}/{COMPARE.folder}/{REPORT_FILE}",
        task=record.task,
        data_hash=record.data_hash,
        rule=f"{verdict['rule']}, margin {verdict['margin']:g}",
        notes=" ".join(existing.get("notes") or ()),
    )


def _read(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content


REGISTER = Step(
    name="register",
    folder="7_register",
    sections=("register_config", "tracking_config.tracking_uri"),
    after=("compare", "export"),
    reads=(f"{EXPORT.folder}/{EXPORT_FILE}", f"{EVALUATE.folder}/{EXISTING_FILE}"),
    classes=(),
    perform=_perform,
    results=files_named(REGISTRATION_FILE),
)
