"""`onrecord explore`: serves the explorer on this machine."""

from __future__ import annotations

import secrets
import socket
import sys
from typing import Annotated

import typer

from flows.corrections import user
from flows.options import CorrectionsOption, LakeOption, fail, open_lake, read_settings
from flows.settings import DEFAULT_LAKE
from flows.start import EXIT_FAILED, EXIT_USAGE

app = typer.Typer()

LOOPBACK = ("127.0.0.1", "::1", "localhost")


@app.command(epilog="Example: onrecord explore --lake data/processed --open")
def explore(
    lake: LakeOption = DEFAULT_LAKE,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port; 0 takes any that is free.")] = 8765,
    host: Annotated[
        str, typer.Option(help="Address to listen at. Any but this machine's own lets others on the network in.")
    ] = "127.0.0.1",
    edit: Annotated[
        bool,
        typer.Option("--edit", help="Show forms that add decisions to the corrections file (docs/corrections.md)."),
    ] = False,
    who: Annotated[str | None, typer.Option(help="Who decides, by default git's user.name, or the login name.")] = None,
    corrections: CorrectionsOption = None,
    open_browser: Annotated[bool, typer.Option("--open", help="Open the link in the browser.")] = False,
) -> None:
    """Look at the lake in the browser: search, articles, people, the same words, the health of the runs."""
    try:
        from flows.explore.app import create_app
        from flows.explore.editing import Desk
        from flows.explore.serving import listen, server
    except ModuleNotFoundError as error:
        fail(f"{error.name} is missing; install the explorer with: pip install 'onrecord[explore]'", EXIT_USAGE)
    from tasks.corrections import corrections_file

    store = open_lake(lake)
    try:
        sock = listen(host, port)
    except OSError as error:
        fail(f"port {port} of {host} can't be used ({error.strerror}); take another with --port", EXIT_FAILED)
    if host not in LOOPBACK:
        print(
            f"onrecord: whoever reaches {host} and has the link can read this lake, and what is sent is not encrypted",
            file=sys.stderr,
        )
    token = secrets.token_urlsafe(24)
    name = f"[{host}]" if ":" in host else host
    link = f"http://{name}:{sock.getsockname()[1]}/?token={token}"
    print(f"The explorer runs at\n\n  {link}\n\nCtrl+C ends it.", flush=True)
    if open_browser:
        import webbrowser

        webbrowser.open(link)
    names = {host} if host in LOOPBACK else {host, socket.gethostname().lower(), socket.getfqdn().lower()}
    desk = None
    if edit:
        chosen = read_settings(corrections=corrections).link_options.decisions
        desk = Desk(who or user(), corrections_file(store, chosen), secrets.token_urlsafe(24))
    application = create_app(store, token, frozenset(names), desk)
    with sock:
        server(application).run(sockets=[sock])
