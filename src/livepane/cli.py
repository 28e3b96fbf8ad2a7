"""`livepane`: every command, each in a file of its own."""

from __future__ import annotations

from typing import Annotated

import typer

from livepane import __version__
from livepane.commands import (
    config,
    consume,
    doctor,
    download,
    extract,
    jobs,
    kafka,
    publish,
    recipe,
    scrape,
    serve,
    share,
    token,
    watch,
    worker,
)

app = typer.Typer(
    name="livepane",
    help="Live panes into every browser, tab, window and desktop you run.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="markdown",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(serve.serve)
app.command(epilog=worker.EXAMPLE)(worker.worker)
app.command(epilog=watch.EXAMPLE)(watch.watch)
app.command(epilog=share.EXAMPLE)(share.share)
app.command(epilog=publish.EXAMPLE)(publish.publish)
app.command(epilog=extract.EXAMPLE)(extract.extract)
app.command(epilog=scrape.EXAMPLE)(scrape.scrape)
app.command(epilog=download.EXAMPLE)(download.download)
app.command(epilog=doctor.EXAMPLE)(doctor.doctor)
app.command(epilog=consume.EXAMPLE)(consume.consume)
app.add_typer(jobs.app, name="jobs")
app.add_typer(kafka.app, name="kafka")
app.add_typer(recipe.app, name="recipe")
app.add_typer(config.app, name="config")
app.add_typer(token.app, name="token")


def _show_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"livepane {__version__}")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Live panes into every browser, tab, window and desktop you run.

    Example: `livepane serve`, then `livepane watch https://example.org`
    """


if __name__ == "__main__":
    app()
