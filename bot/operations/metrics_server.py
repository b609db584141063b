"""
The HTTP server of the metrics, in threads of its own.

A connection takes a thread and a descriptor, so idle ones are closed, and there are never many: any local user may open
them, and without descriptors the bot can open neither its index nor a connection to Telegram.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import suppress
from socketserver import ThreadingMixIn
from threading import Condition, Thread
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CollectorRegistry, make_wsgi_app

IDLE = 10.0  # seconds that a connection may be silent
_MOST = 32  # connections; a further one ends the oldest, and waits until it has
_PATIENCE = 1.0  # seconds of that wait, should a thread be stuck


def serve_metrics(port: int, registry: CollectorRegistry, *, idle: float = IDLE) -> Callable[[], None]:
    """
    Serve on 127.0.0.1; returns a function that stops the server.

    Raises:
        OSError: the port is taken.
    """
    handler = type("_TimedHandler", (_SilentHandler,), {"timeout": idle})
    server = make_server("127.0.0.1", port, make_wsgi_app(registry), _BoundedServer, handler)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()

    def end() -> None:
        server.shutdown()
        server.server_close()
        thread.join()

    return end


class _BoundedServer(ThreadingMixIn, WSGIServer):
    """A thread for each connection, and few connections."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, *given: Any, **more: Any) -> None:  # noqa: ANN401 - the types are those of socketserver
        self._open: list[socket.socket] = []  # oldest first
        self._closed = Condition()
        super().__init__(*given, **more)

    def process_request(self, request: Any, client_address: Any) -> None:  # noqa: ANN401 - see __init__
        with self._closed:
            if len(self._open) >= _MOST:
                with suppress(OSError):  # its thread wakes up and closes it
                    self._open[0].shutdown(socket.SHUT_RDWR)
                self._closed.wait_for(lambda: len(self._open) < _MOST, _PATIENCE)
            self._open.append(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:  # noqa: ANN401 - see __init__
        try:
            super().shutdown_request(request)
        finally:
            with self._closed, suppress(ValueError):
                self._open.remove(request)
                self._closed.notify_all()

    def handle_error(self, *_: object) -> None:
        """Nothing: a scraper that went away or was silent is no trouble of ours."""


class _SilentHandler(WSGIRequestHandler):
    """Logs no requests."""

    def log_message(self, *_: object) -> None:
        """Log nothing."""
