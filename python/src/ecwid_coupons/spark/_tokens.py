"""Where the tokens of the stores are. A task gets the token of its store when it starts."""

from __future__ import annotations

import importlib
import os
from dataclasses import dataclass
from pathlib import Path

from ecwid_coupons._errors import ConfigurationError

DEFAULT_VARIABLE = "ECWID_TOKEN_{store}"


@dataclass(frozen=True)
class TokenSource:
    """A place that has a token for each store. It is pickled, and never has a token."""

    option: str
    value: str

    def token(self, store: int) -> str:
        """Returns the token of a store, on the machine that runs the task.

        Raises:
            ConfigurationError: There is no token. The error names the place, and never contains the token.
        """
        match self.option:
            case "tokenEnv":
                return self._of_variable(self.value.replace("{store}", str(store)))
            case "tokenDir":
                return self._of_file(Path(self.value, str(store)))
            case _:
                return self._of_function(store)

    def _of_variable(self, name: str) -> str:
        token = os.environ.get(name, "").strip()
        if not token:
            raise ConfigurationError(
                f"no token: the variable `{name}` is not set where the task runs; hint: set it on the executors, or "
                "use the option tokenEnv, tokenDir or tokenProvider"
            )
        return token

    def _of_file(self, path: Path) -> str:
        try:
            token = path.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
            raise ConfigurationError(f"no token: cannot read `{path}` where the task runs: {reason}") from None
        if not token:
            raise ConfigurationError(f"no token: `{path}` is empty")
        return token

    def _of_function(self, store: int) -> str:
        module, _, name = self.value.partition(":")
        try:
            function = getattr(importlib.import_module(module), name)
        except (ImportError, AttributeError) as error:
            raise ConfigurationError(f"no token: cannot import `{self.value}` where the task runs: {error}") from None
        token = function(store)
        if not isinstance(token, str) or not token.strip():
            raise ConfigurationError(f"no token: `{self.value}` returned none for the store {store}")
        return token.strip()
