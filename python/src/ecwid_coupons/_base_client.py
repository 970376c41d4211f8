"""The common base of both clients."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from os import PathLike
from types import FunctionType
from typing import ClassVar, Self, TypedDict, Unpack

from ._native import NativeClient
from ._types import Attempt


class ClientSettings(TypedDict, total=False):
    """The settings of `Client` and `AsyncClient`, as documented there. None selects the default.

    Examples:
        >>> hasty: ClientSettings = {"timeout": 5, "max_attempts": 1}
        >>> sandbox.client(**hasty).search().count()
        0
    """

    timeout: float | timedelta | None
    deadline: float | timedelta | None
    max_attempts: int | None
    requests_per_minute: int | None
    max_body_size: int | None
    proxy: str | None
    ca_file: str | PathLike[str] | None
    allow_http: bool | None
    allow_unknown: bool | None
    on_attempt: Callable[[Attempt], object] | None


def name_calls(calls: type, client: type) -> None:
    """Names the generated methods after their client, because errors about arguments contain the name."""
    for call in vars(calls).values():
        if isinstance(call, FunctionType):
            call.__qualname__ = f"{client.__qualname__}.{call.__name__}"
            call.__module__ = client.__module__


class BaseClient:
    """The common base of both clients."""

    _native: NativeClient
    _waits: ClassVar[bool]

    def __init__(
        self, store_id: int, token: str, *, base_url: str | None = None, **settings: Unpack[ClientSettings]
    ) -> None:
        """Makes a client. Sends no request.

        Args:
            store_id: The store's id.
            token: The access token of an app of the store.
            base_url: The base URL of the API. Defaults to that of Ecwid.
            **settings: The settings below.
            timeout: The limit of one attempt, in seconds. Defaults to 60 seconds.
            deadline: The limit of a whole call with all attempts and delays, in seconds. Defaults to 180 seconds. In a
                search, it is the limit of each page.
            max_attempts: The maximum number of attempts of a request. Defaults to 4.
            requests_per_minute: The maximum number of requests in any 60 seconds. Defaults to 600. If several programs
                use the same token, give each a share.
            max_body_size: The maximum size of a decompressed response, in bytes. Defaults to 32 MiB.
            proxy: The URL of a proxy for all requests, such as ``http://user:password@proxy.example:3128``. Defaults to
                the proxy in the environment (``HTTPS_PROXY``, ``ALL_PROXY``, ``NO_PROXY``).
            ca_file: A PEM file of root certificates to trust in addition to the system's.
            allow_http: Whether the base URL may use ``http`` for another machine, so that others on the network can
                read the token. Defaults to False.
            allow_unknown: Whether coupons and filters are sent with enum values that this version does not know. By
                default, such a value is refused before anything is sent. Responses can always have unknown values.
            on_attempt: A function to call with an `Attempt` after every attempt of a request, for metrics. It runs on
                another thread than the call, and must not block. An exception in it is passed to ``sys.unraisablehook``
                and does not affect the call, except that KeyboardInterrupt ends the call or interrupts the main thread.

        Raises:
            ConfigurationError: A setting is not valid. The error never contains the token.
            TypeError: A setting is unknown, or its type is wrong.
        """
        try:
            self._native = NativeClient(self._waits, store_id, token, base_url, **settings)
        except BaseException:
            # A traceback can show local variables, and these contain the token.
            del store_id, token, base_url, settings
            raise

    @classmethod
    def from_env(cls, **settings: Unpack[ClientSettings]) -> Self:
        """Makes a client from the environment variables ``ECWID_STORE_ID`` and ``ECWID_TOKEN``.

        The variables ``ECWID_BASE_URL``, ``ECWID_CA_FILE`` and ``ECWID_ALLOW_HTTP=1`` are optional. They set
        `base_url`, `ca_file` and `allow_http`.

        Args:
            **settings: The settings of a client, except `base_url`.

        Raises:
            ConfigurationError: A variable is missing or not valid. The error names the variable.

        Examples:
            >>> Client.from_env(timeout=10).search().count()
            0
        """
        client = cls.__new__(cls)
        client._native = NativeClient.from_env(cls._waits, **settings)
        return client

    @classmethod
    def from_config(
        cls, store: str | None = None, *, path: str | PathLike[str] | None = None, **settings: Unpack[ClientSettings]
    ) -> Self:
        """Makes a client for a store of a configuration file.

        The file has a table such as ``[stores.main]`` for each store, with ``store-id``, and one of ``token-file``,
        ``token-env`` and ``token-command``. It can also have ``base-url``, ``ca-file``, ``proxy`` and
        ``requests-per-minute``. It is ``ecwid-coupons/config.toml`` in the configuration folder (``~/.config``, or
        ``%APPDATA%`` on Windows), or the file that the variable ``ECWID_CONFIG`` names.

        Args:
            store: The name of the store. Defaults to the store that ``default`` in the file names, or to the only one.
            path: The path of the file. Defaults to the file that the variable ``ECWID_CONFIG`` names, or to the user's
                configuration file.
            **settings: The settings of a client, except `base_url`. They override those of the file.

        Raises:
            ConfigurationError: The file or the store is missing or not valid, or the token cannot be read. The error
                names the line, and never contains the token.

        Examples:
            >>> Client.from_config("main", timeout=10).search().count()
            0
        """
        client = cls.__new__(cls)
        client._native = NativeClient.from_config(cls._waits, store, path, **settings)
        return client

    @property
    def store_id(self) -> int:
        """The store's id.

        Examples:
            >>> coupons.store_id
            1003
        """
        return self._native.store_id

    def __repr__(self) -> str:
        """Returns the store's id and the base URL, without the token."""
        name = type(self).__name__
        # If `__init__` failed, this attribute is missing. A debugger can show such a client.
        native: NativeClient | None = getattr(self, "_native", None)
        if native is None or native.is_closed:
            return f"<{name}, closed>"
        return f"{name}(store_id={self.store_id}, base_url={native.base_url!r})"

    def __reduce__(self) -> str:
        """Refuses to be pickled, because a pickle would contain the token."""
        name = type(self).__name__
        raise TypeError(
            f"a client cannot be pickled, because it holds a token; hint: make a new one with {name}.from_env()"
        )


# Errors about arguments contain the name.
BaseClient.__init__.__qualname__ = "Client"
