"""`livepane serve`: the server."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from livepane import log
from livepane.commands import before_start, listening
from livepane.domain.errors import LivepaneError, Unavailable


def serve(
    host: Annotated[
        str | None,
        typer.Option(help="Address to listen on. On any but a loopback one, everything needs a token.", show_default="127.0.0.1"),
    ] = None,
    port: Annotated[
        list[int] | None, typer.Option(help="Port; may be given more than once. 0 takes a free one.", show_default="8000")
    ] = None,
    data_dir: Annotated[Path | None, typer.Option(help="Folder for the token and everything else that is kept.")] = None,
    tls_cert: Annotated[Path | None, typer.Option(help="Certificate (PEM, with its chain): serve https and wss.")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Its private key (PEM, without a passphrase).")] = None,
    root_path: Annotated[str | None, typer.Option(help="Path that everything lies below behind a proxy, such as /panes.")] = None,
    plugin: Annotated[
        list[Path] | None, typer.Option(help="Python file with scrapers of your own; may be given more than once.")
    ] = None,
    demo: Annotated[
        bool, typer.Option("--demo", help="Show three panes to look at: a driven page, a static page, the desktop.")
    ] = False,
) -> None:
    """Serve the dashboard, the streams and the sockets until Ctrl-C.

    Every other setting is an environment variable LIVEPANE_…; see docs/reference/settings.md.

    Example: `livepane serve --port 8000 --port 8080`
    """
    # Imported late, as everything that follows: `livepane --help` need not load the whole server.
    from pydantic import ValidationError

    from livepane.settings import Settings
    from livepane.wire.wrong import explain

    given: dict[str, Any] = {"host": host, "ports": tuple(port) if port else None, "data_dir": data_dir}
    given |= {"tls_cert": tls_cert, "tls_key": tls_key, "root_path": root_path}
    try:
        settings = Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        _refuse(f"a setting is wrong: {explain(error)}")
    log.configure(settings.log_level, settings.log_format)
    files = tuple(dict.fromkeys([*settings.plugins, *map(str, plugin or ())]))
    settings = settings.model_copy(update={"plugins": files})
    tls = before_start.check(settings, lambda error: _refuse(error.message, code=1 if isinstance(error, Unavailable) else 2))
    from livepane.auth.keyring import Keyring

    try:
        keyring, token = Keyring.chosen(settings)
        sockets = [listening.listen(settings.host, one) for one in settings.ports]
    except LivepaneError as error:
        _refuse(error.message, code=1)
    places, too_few = listening.raise_file_limit(settings)
    for warning in [*listening.warnings(settings, tls=tls is not None), tls.warning if tls else None, too_few]:
        if warning:
            typer.echo(f"livepane serve: warning: {warning}", err=True)
    settings = settings.model_copy(update={"ports": tuple(one.getsockname()[1] for one in sockets)})
    near, far = listening.addresses(settings, tls=tls is not None)
    from livepane.api.app import build
    from livepane.commands.serving import Announcement, run

    trusted = tls.certificate if tls else None
    announcement = Announcement(settings.data_dir, near, far, token, settings.admin_token_file, trusted)
    run(build(settings, keyring, with_demo=demo), settings, sockets, announcement, tls, places)


def _refuse(message: str, code: int = 2) -> NoReturn:
    typer.echo(f"livepane serve: {message}", err=True)
    raise typer.Exit(code)
