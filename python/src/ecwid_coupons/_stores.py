"""The clients of the stores in a configuration file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from os import PathLike
from typing import Generic, Self, TypeVar, Unpack

from ._async_client import AsyncClient
from ._base_client import ClientSettings
from ._client import Client
from ._native import store_names

_AnyClient = TypeVar("_AnyClient", Client, AsyncClient)


class _BaseStores(Mapping[str, _AnyClient], Generic[_AnyClient]):
    def __init__(self, path: str | PathLike[str] | None, settings: ClientSettings) -> None:
        self._path = path
        self._settings = settings
        self._names = store_names(path)
        self._clients: dict[str, _AnyClient] = {}

    @classmethod
    def from_config(cls, path: str | PathLike[str] | None = None, **settings: Unpack[ClientSettings]) -> Self:
        """Reads the stores of a configuration file. See `Client.from_config` for the file.

        Args:
            path: The path of the file. Defaults to the file that the variable ``ECWID_CONFIG`` names, or to the user's
                configuration file.
            **settings: The settings of all clients. They override those of the file.

        Raises:
            ConfigurationError: The file is missing or not valid. The error names the line, and never contains a token.

        Examples:
            >>> len(Stores.from_config("config.toml", timeout=10))
            1
        """
        return cls(path, settings)

    def __getitem__(self, name: str) -> _AnyClient:
        """Returns the client of a store. Its token is read when the client is first used."""
        if name not in self._names:
            raise KeyError(f"unknown store: `{name}` (expected one of {', '.join(self._names)})")
        if name not in self._clients:
            self._clients[name] = self._client(name)
        return self._clients[name]

    def _client(self, name: str) -> _AnyClient:
        raise NotImplementedError

    def __iter__(self) -> Iterator[str]:
        """Returns the names of the stores."""
        return iter(self._names)

    def __len__(self) -> int:
        """Returns the number of stores."""
        return len(self._names)

    def __repr__(self) -> str:
        """Returns the names of the stores."""
        return f"<{type(self).__name__}: {', '.join(self._names)}>"


class Stores(_BaseStores[Client]):
    """The clients of the stores in a configuration file, by the names of the stores.

    Make it with `from_config`. Each client is made when it is first used, so that a token that cannot be read does not
    affect the other stores.

    Examples:
        >>> with Stores.from_config() as stores:
        ...     {name: coupons.search().count() for name, coupons in stores.items()}
        {'main': 0}

        The frames of several stores have the same columns:

        >>> import polars
        >>> with Stores.from_config() as stores:
        ...     frames = [
        ...         store.search().to_polars().with_columns(store=polars.lit(name)) for name, store in stores.items()
        ...     ]
        >>> len(polars.concat(frames))
        0
    """

    def _client(self, name: str) -> Client:
        return Client.from_config(name, path=self._path, **self._settings)

    def close(self) -> None:
        """Closes the clients that were made.

        Examples:
            >>> stores = Stores.from_config()
            >>> stores.close()
        """
        for client in self._clients.values():
            client.close()

    def __enter__(self) -> Self:
        """Returns the stores."""
        return self

    def __exit__(self, *_: object) -> None:
        """Closes the clients."""
        self.close()


class AsyncStores(_BaseStores[AsyncClient]):
    """The form of `Stores` with an `AsyncClient` for each store.

    Examples:
        >>> async with AsyncStores.from_config() as stores:
        ...     await stores["main"].search().count()
        0
    """

    def _client(self, name: str) -> AsyncClient:
        return AsyncClient.from_config(name, path=self._path, **self._settings)

    async def close(self) -> None:
        """The asynchronous form of `Stores.close`.

        Examples:
            >>> stores = AsyncStores.from_config()
            >>> await stores.close()
        """
        for client in self._clients.values():
            await client.close()

    async def __aenter__(self) -> Self:
        """Returns the stores."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Closes the clients."""
        await self.close()
