"""The socket that the explorer listens at, taken before anything else so that a port in use is told at once."""

from __future__ import annotations

import socket


def listen(host: str, port: int) -> socket.socket:
    """A bound TCP socket; OSError where the address can't be used."""
    family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(address)
    except OSError:
        sock.close()
        raise
    return sock
