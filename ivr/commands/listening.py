"""The port that a command listens on."""

import socket

import typer

from ivr.errors import SettingsError


def listening_socket(host: str, port: int) -> socket.socket:
    """Return a socket that listens; raises BadParameter for a host that is none, SettingsError for a port in use."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError):
        raise typer.BadParameter(f"“{host}” is no address of this machine.", param_hint="'--host'") from None
    family, kind, protocol, _, address = found[0]
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen()
    except OSError as error:
        listening.close()
        raise SettingsError(f"--host {host} --port {port} cannot be listened on: {error.strerror}") from None
    return listening
