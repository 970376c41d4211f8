"""The control API of a sandbox, below ``/_sandbox``."""

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

# In seconds. It answers in less than one; a longer time is a sandbox that hangs.
_TIMEOUT = 30.0


class Control:
    """Sends requests to the control API, each on a connection of its own, so that any thread can."""

    def __init__(self, base_url: str) -> None:
        """For the sandbox with this base URL."""
        parts = urlsplit(base_url)
        self._host, self._port = parts.hostname or "127.0.0.1", parts.port

    def call(self, method: str, path: str, body: object = None) -> Any:
        """Answers the JSON of a request; its numbers with a point are decimals."""
        return self.send(method, path, None if body is None else json.dumps(body))

    def send(self, method: str, path: str, body: str | None) -> Any:
        """The same, with a body that is JSON already."""
        # A POST or PUT is JSON, whatever is in it.
        sent = None if method in ("GET", "DELETE") else (body or "{}").encode()
        with self._answer(method, path, sent) as response:
            text = response.read()
        return _read(method, path, response.status, text)

    def copy(self, path: str, out: BinaryIO) -> None:
        """Copies an answer of any size as it comes."""
        with self._answer("GET", path, None) as response:
            if response.status != 200:
                _read("GET", path, response.status, response.read())
            shutil.copyfileobj(response, out)

    @contextmanager
    def _answer(self, method: str, path: str, sent: bytes | None) -> Iterator[http.client.HTTPResponse]:
        connection = http.client.HTTPConnection(self._host, self._port, timeout=_TIMEOUT)
        try:
            connection.request(method, f"/_sandbox{path}", sent, {"Content-Type": "application/json"} if sent else {})
            yield connection.getresponse()
        except (ConnectionError, TimeoutError, http.client.HTTPException) as error:
            raise SandboxError(f"the sandbox does not answer: {error}; was it stopped?") from error
        finally:
            connection.close()


def _read(method: str, path: str, status: int, text: bytes) -> Any:
    try:
        answer = json.loads(text, parse_float=Decimal) if text.strip() else None
    except ValueError:
        answer = None
    if 200 <= status < 300:
        return answer
    fields = answer if isinstance(answer, dict) else {}
    code, message = fields.get("errorCode"), fields.get("errorMessage")
    what = f"{method} /_sandbox{path} was answered with {status}"
    if status in (404, 405) and path != "/orders":
        what += "; a command of another version may have it: pip install --upgrade ecwid-coupons-cli"
    raise SandboxError(f"{what}: {message}" if message else what, status=status, code=code)
