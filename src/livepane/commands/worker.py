"""`livepane worker`: a process that runs jobs, and serves nobody."""

from __future__ import annotations

import asyncio
import os
import signal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer

from livepane import log
from livepane.cpu import cores
from livepane.domain.errors import LivepaneError

if TYPE_CHECKING:
    from livepane.settings import Settings

EXAMPLE = """
Example: JOBS_ENGINE=celery CELERY_BROKER_URL=redis://10.0.0.5/0 DATABASE_URL=postgresql://… livepane worker --concurrency 4

Ends on Ctrl-C or SIGTERM: what is under way goes back to the queue, and other workers go on with it.
"""


def worker(
    concurrency: Annotated[
        int | None,
        typer.Option(min=1, max=256, help="Jobs at a time.", show_default="one a core with Celery, else as users set it"),
    ] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Folder for everything that is kept.")] = None,
    plugin: Annotated[
        list[Path] | None, typer.Option(help="Python file with scrapers of your own; may be given more than once.")
    ] = None,
) -> None:
    """Run jobs for servers that share a database with this process.

    With JOBS_ENGINE=celery it is a Celery worker, which is told what to do by the broker; each job then has a process and a
    browser. Otherwise it looks for jobs in the database itself, as a server does. Settings are those of `livepane serve`.
    """
    # Imported late, as everywhere: `livepane --help` need not load it all.
    from pydantic import ValidationError

    from livepane.settings import Settings
    from livepane.wire.wrong import explain

    given: dict[str, Any] = {"data_dir": data_dir, "worker_concurrency": concurrency}
    try:
        settings = Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        _refuse(f"a setting is wrong: {explain(error)}")
    files = tuple(dict.fromkeys([*settings.plugins, *map(str, plugin or ())]))
    settings = settings.model_copy(update={"plugins": files})
    log.configure(settings.log_level, settings.log_format)
    from livepane.discovery import prepare_data_dir
    from livepane.jobs import plugins
    from livepane.store.db import chosen, prepare

    try:
        plugins.load(map(Path, settings.plugins))
        prepare_data_dir(settings.data_dir)
        prepare(chosen(settings))
    except LivepaneError as error:
        _refuse(error.message)
    if settings.jobs_engine == "celery":
        _celery(settings)
    else:
        asyncio.run(_embedded(settings))


def _celery(settings: Settings) -> None:
    # Celery's own tools read the environment: so do the processes of its pool, on systems where they are no forks.
    os.environ["LIVEPANE_DATA_DIR"] = str(settings.data_dir)
    os.environ["LIVEPANE_PLUGINS"] = ",".join(settings.plugins)
    try:
        from livepane.jobs.celery_app import start
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in ("celery", "kombu", "redis"):
            raise
        _refuse("JOBS_ENGINE=celery needs Celery. Install it with: pip install 'livepane[celery]'")
    raise typer.Exit(start(processes(settings), typer.echo))


def processes(settings: Settings) -> int:
    """How many a Celery worker has, each with a browser: as was said, else one for each core that its container gives it."""
    return settings.worker_concurrency or max(1, int(cores()))


async def _embedded(settings: Settings) -> None:
    from livepane.jobs.workshop import runner

    asked_to_end = asyncio.Event()
    loop = asyncio.get_running_loop()
    for one in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(one, asked_to_end.set)
    try:
        async with runner(settings) as jobs:
            at_once = settings.worker_concurrency or jobs.user_settings.current.jobs.concurrency
            typer.echo(f"livepane worker runs jobs of {jobs.queue.database.backend.where}, {at_once} at a time")
            await asked_to_end.wait()
    except LivepaneError as error:
        _refuse(error.message, code=1)


def _refuse(message: str, code: int = 2) -> NoReturn:
    typer.echo(f"livepane worker: {message}", err=True)
    raise typer.Exit(code)
