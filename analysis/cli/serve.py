"""``app``: the app for a browser."""

from __future__ import annotations

import click

from analysis.cli.group import commands
from analysis.cli.output import print_text
from analysis.networks.values import check_count


@commands.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default="8501", show_default=True, metavar="N", help="Port to listen on.")
def app(host: str, port: str) -> None:
    """Open the app for a browser, until Ctrl-C; prints its address.

    \b
    Example:
      multadds app --port 8600
    """
    import uvicorn

    number = check_count("port", port, 1, 65_535)
    _check_free(host, number)
    print_text(f"http://{f'[{host}]' if ':' in host else host}:{number}")
    uvicorn.run(
        "pages.shared.server:app",
        host=host,
        port=number,
        log_level="warning",
        access_log=False,
        ws_per_message_deflate=False,
    )


def _check_free(host: str, port: int) -> None:
    """``ValueError`` where nothing can listen on the address."""
    import socket

    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        with socket.socket(family, kind, protocol) as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind(address)
            listener.listen()
    except (OSError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or "not an address"
        raise ValueError(f"cannot listen on {host} port {port}: {reason}; try another --port") from None
