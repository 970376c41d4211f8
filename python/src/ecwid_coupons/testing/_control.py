"""The control API of a sandbox, below ``/_sandbox``."""

from __future__ import annotations

import http.client
import json
from decimal import Decimal
from typing import Any
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
        connection = http.client.HTTPConnection(self._host, self._port, timeout=_TIMEOUT)
        try:
            # A POST or PUT is JSON, whatever is in it.
            sent = None if method in ("GET", "DELETE") else json.dumps({} if body is None else body)
            headers = {} if sent is None else {"Content-Type": "application/json"}
            connection.request(method, f"/_sandbox{path}", sent, headers)
            response = connection.getresponse()
            text = response.read()
        except OSError as error:
            raise SandboxError(f"the sandbox does not answer: {error}; was it stopped?") from error
        finally:
            connection.close()
        return _read(method, path, response.status, text)


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
