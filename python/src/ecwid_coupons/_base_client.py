"""What both clients share."""

from __future__ import annotations

from typing import Self, Unpack

from ._native import NativeClient
from ._settings import ClientSettings


class BaseClient:
    """The store of a client, and how it is reached."""

    _native: NativeClient

    def __init__(
        self, store_id: int, token: str, *, base_url: str | None = None, **settings: Unpack[ClientSettings]
    ) -> None:
        """Makes a client. Nothing is sent.

        Args:
            store_id: The store's id.
            token: The access token of an app of the store.
            base_url: The address that the store's paths are below. Defaults to the vendor's.
            **settings: The settings below.
            timeout: How long one attempt may take, in seconds. Defaults to 60 seconds.
            deadline: How long a whole call may take, with its attempts and the delays between them, in seconds.
                Defaults to 180 seconds. A page of a search is a call.
            max_attempts: How often a request is sent at most. Defaults to 4.
            requests_per_minute: How many requests are sent in any 60 seconds at most. Defaults to 600. Give several
                programs with the same token a share each.
            max_body_size: The most bytes of a response that are read, after unpacking. Defaults to 32 MiB.
            proxy: The address of the proxy that requests go through, such as ``http://proxy.example:3128``, with
                ``user:password@`` before the host if the proxy needs them. Defaults to the proxy of the environment
                (``HTTPS_PROXY``, ``ALL_PROXY``, ``NO_PROXY``).
            ca_file: A file of root certificates, as PEM, to trust besides the system's.
            allow_http: Whether the base URL may be ``http`` on another machine. Everyone on the way to it can then read
                the token. Defaults to False.

        Raises:
            ConfigurationError: A setting is not valid. The token is never in the error.
            TypeError: A setting is unknown, or of another type.
        """
        try:
            self._native = NativeClient(store_id, token, base_url, **settings)
        except BaseException:
            # A traceback can show local variables, and these hold the token.
            del store_id, token, base_url, settings
            raise

    @classmethod
    def from_env(cls, **settings: Unpack[ClientSettings]) -> Self:
        """Makes a client of the store ``ECWID_STORE_ID`` with the token ``ECWID_TOKEN``.

        If they are set, ``ECWID_BASE_URL`` is the base URL, ``ECWID_CA_FILE`` a file of root certificates that are
        trusted too, and ``ECWID_ALLOW_HTTP=1`` the default of `allow_http`.

        Args:
            **settings: The settings of a client, except its base URL.

        Raises:
            ConfigurationError: A variable is missing or not valid; the error names it.

        Example:
            >>> Client.from_env(timeout=10).search().count()
            0
        """
        client = cls.__new__(cls)
        client._native = NativeClient.from_env(**settings)
        return client

    @property
    def store_id(self) -> int:
        """The store's id.

        Example:
            >>> coupons.store_id
            1003
        """
        return self._native.store_id

    def __repr__(self) -> str:
        """The store and its address, without the token."""
        name = type(self).__name__
        # It is missing if the client could not be made, which a report of the failure shows.
        native: NativeClient | None = getattr(self, "_native", None)
        if native is None or native.is_closed:
            return f"<{name}, closed>"
        return f"{name}(store_id={self.store_id}, base_url={native.base_url!r})"

    def __reduce__(self) -> str:
        """Refuses to be pickled, because a pickle would hold the token."""
        name = type(self).__name__
        raise TypeError(
            f"a client is not pickled, since it holds a token; make one where it is used, with {name}.from_env()"
        )
