"""Scripted servers."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

# The default token of the sandbox, which the examples use.
TOKEN = "secret_sandbox"


@dataclass
class Response:
    """A response of a scripted server. Its body can be broken off."""

    status: int = 200
    body: str | bytes = "{}"
    headers: dict[str, str] = field(default_factory=dict)
    broken_off: bool = False


@dataclass
class Request:
    """A request to a scripted server."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes


class HttpServer:
    """A fast HTTP server with a thread per connection."""

    def respond(self, request: Request) -> Response:
        raise NotImplementedError

    def __init__(self) -> None:
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True

            def do_GET(self) -> None:
                sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                response = server.respond(Request(self.command, self.path, dict(self.headers), sent))
                body = response.body.encode() if isinstance(response.body, str) else response.body
                length = len(body) + (100 if response.broken_off else 0)
                headers = {"Content-Type": "application/json", "Content-Length": str(length), **response.headers}
                lines = [f"HTTP/1.1 {response.status} Status", *(f"{name}: {value}" for name, value in headers.items())]
                self.close_connection = response.broken_off
                try:
                    # One write is twice as fast as the methods of the handler.
                    self.wfile.write("\r\n".join([*lines, "", ""]).encode() + body)
                except OSError:  # the client has closed the connection
                    self.close_connection = True

            do_POST = do_PUT = do_DELETE = do_CONNECT = do_GET

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        # A client may keep its connection open.
        self._server.daemon_threads = True
        self._server.block_on_close = False
        self.base_url = f"http://127.0.0.1:{self._server.server_port}/api/v3"

    def __enter__(self) -> Self:
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()


class ScriptedServer(HttpServer):
    """Sends its responses in order, repeats the last one, and records the requests."""

    def __init__(self) -> None:
        super().__init__()
        self.responses: list[Response] = [Response()]
        self.requests: list[Request] = []
        self._lock = threading.Lock()

    def response(self, *responses: Response) -> None:
        self.responses = list(responses)

    def client_settings(self, **settings: Any) -> dict[str, Any]:
        return {
            "store_id": 1003,
            "token": TOKEN,
            "base_url": self.base_url,
            "max_attempts": 1,
            "deadline": 5,
            **settings,
        }

    def respond(self, request: Request) -> Response:
        with self._lock:
            self.requests.append(request)
            return self.responses.pop(0) if len(self.responses) > 1 else self.responses[0]


class HangingServer:
    """Accepts connections and requests, and never responds."""

    def __enter__(self) -> Self:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.base_url = f"http://127.0.0.1:{self._listener.getsockname()[1]}/api/v3"
        self._connections: list[socket.socket] = []
        self._accepted = threading.Semaphore(0)
        self._closed = threading.Semaphore(0)
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()
        return self

    def _accept(self) -> None:
        # Ends when the listener is closed.
        with contextlib.suppress(OSError):
            while True:
                connection, _ = self._listener.accept()
                self._connections.append(connection)
                threading.Thread(target=self._read, args=[connection], daemon=True).start()

    def _read(self, connection: socket.socket) -> None:
        with contextlib.suppress(OSError):
            if connection.recv(65536):
                self._accepted.release()
            while connection.recv(65536):
                pass
        self._closed.release()

    def wait_for_request(self, timeout: float = 20) -> None:
        """Waits until a request has arrived."""
        assert self._accepted.acquire(timeout=timeout), "no request came"

    def wait_for_hang_up(self, timeout: float = 20) -> None:
        """Waits until a client has closed its connection."""
        assert self._closed.acquire(timeout=timeout), "no connection was closed"

    def __exit__(self, *error: object) -> None:
        # Closing the listener does not wake the accepting thread.
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for connection in self._connections:
            connection.close()
        self._thread.join()


def codes(coupons: Sequence[Any]) -> list[str]:
    return [coupon.code for coupon in coupons]
