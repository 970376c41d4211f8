"""The control API of a sandbox, under ``/_sandbox``."""

from __future__ import annotations

import http.client
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, BinaryIO
from urllib.parse import urlsplit

from ._errors import SandboxError

# The timeout of a request, in seconds. A sandbox responds within one second.
_TIMEOUT = 30.0


class Control:
    """Sends requests to the control API. Threads can share it, because each request has a connection of its own."""

    def __init__(self, base_url: str) -> None:
        """Takes the base URL of the sandbox."""
        parts = urlsplit(base_url)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port

    def call(self, method: str, path: str, body: object = None) -> Any:
        """Sends a value as JSON, and returns the JSON of the response. Numbers with a decimal point are decimals."""
        return self.send(method, path, None if body is None else json.dumps(body))

    def send(self, method: str, path: str, body: str | None) -> Any:
        """Sends a body of JSON, and returns the JSON of the response."""
        # The body of a POST or PUT must be JSON.
        sent = None if method in ("GET", "DELETE") else (body or "{}").encode()
        with self._response(method, path, sent) as response:
            text = response.read()
        return _read(method, path, response.status, text)

    def copy(self, path: str, out: BinaryIO) -> None:
        """Copies a response of any size to a file."""
        with self._response("GET", path, None) as response:
            if response.status != 200:
                _read("GET", path, response.status, response.read())
            shutil.copyfileobj(response, out)

    @contextmanager
    def _response(self, method: str, path: str, sent: bytes | None) -> Iterator[http.client.HTTPResponse]:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=_TIMEOUT)
        try:
            connection.request(method, f"/_sandbox{path}", sent, {"Content-Type": "application/json"} if sent else {})
            yield connection.getresponse()
        except (ConnectionError, TimeoutError, http.client.HTTPException) as error:
            raise SandboxError(f"the sandbox does not respond: {error}; hint: check whether it was stopped") from error
        finally:
            connection.close()


def _read(method: str, path: str, status: int, text: bytes) -> Any:
    try:
        found = json.loads(text, parse_float=Decimal) if text.strip() else None
    except ValueError:
        found = None
    if 200 <= status < 300:
        return found
    fields = found if isinstance(found, dict) else {}
    code, message = fields.get("errorCode"), fields.get("errorMessage")
    what = f"`{method} /_sandbox{path}` failed with status {status}"
    if status in (404, 405) and path != "/orders":
        what += "; hint: upgrade the command with: pip install --upgrade ecwid-coupons-cli"
    raise SandboxError(f"{what}: {message}" if message else what, status=status, code=code)
