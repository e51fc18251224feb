"""`dsf-cli ui`: MLflow's own page, over the runs of this project."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from dsf.cli.project import find_project, load_config_of
from dsf.cli.step_options import config_options, verbose_option
from dsf.cli.streams import log_to_stderr

if TYPE_CHECKING:
    from pathlib import Path

    from dsf.tracking import Place

__all__ = ["command"]


@click.command("ui")
@click.option("--port", type=click.IntRange(0, 65535), default=5000, help="Where; 0: a free one.")
@click.option("--no-browser", is_flag=True, help="Only say where the page is.")
@config_options
@verbose_option
def command(port: int, no_browser: bool, env: str | None, overrides: tuple[str, ...]) -> None:
    """Open MLflow's page over the runs of this project, until Ctrl-C.

    Where the config names a server, that one's page is opened. Else one is served to this machine
    alone, over the database of the project.
    """
    from dsf.core.extras import require_extra

    require_extra("track", module="mlflow", feature="`dsf-cli ui`")
    with log_to_stderr():
        place = _find_place(find_project(), env, overrides)
    if place.uri.startswith(("http:", "https:")):
        _show(place.shown, no_browser)
        return
    from dsf.tracking.page import open_page

    with open_page(place, port) as (url, process):
        _show(url, no_browser)
        click.echo("It is served until Ctrl-C.", err=True)
        process.wait()


def _find_place(root: Path, env: str | None, overrides: tuple[str, ...]) -> Place:
    """Say where the project's runs are tracked, or would be."""
    from dsf.base.tracking_choice import choose_settings

    config = load_config_of(root)(env=env, overrides=overrides)
    config["tracking_config"]["use_mlflow"] = True  # runs may be there from before
    settings = choose_settings(config, root)
    assert settings is not None
    return settings.find_place()


def _show(url: str, no_browser: bool) -> None:
    click.echo(url)
    if not no_browser:
        click.launch(url)
