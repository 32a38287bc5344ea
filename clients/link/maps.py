"""Fetches a map from the server that plays on it."""

import urllib.request

import trio
from attrs import define, field

from clients.link.address import Address
from clients.link.errors import LinkError
from game.arena import Arena
from game.map_faults import MapFaults
from game.tiled import parse
from game.tiled_text import FILE_BYTES_MAX

FETCH_S = 10.0


@define
class ArenaShelf:
    """Arenas by digest, each fetched once for the whole process."""

    address: Address
    _arenas: dict[str, Arena] = field(factory=dict)
    _lock: trio.Lock = field(factory=trio.Lock)

    async def arena(self, name: str, digest: str) -> Arena:
        """The arena that a welcome has named. Raises `LinkError`."""
        async with self._lock:
            if digest not in self._arenas:
                self._arenas[digest] = await fetch_map(self.address, name, digest)
            return self._arenas[digest]


async def fetch_map(address: Address, name: str, digest: str) -> Arena:
    """The arena called `name`, which must have this digest. Raises `LinkError`."""
    url = address.http(f"/maps/{name}.tmj")
    text = await trio.to_thread.run_sync(_fetch, url, abandon_on_cancel=True)
    try:
        arena = parse(text, name)
    except MapFaults as faults:
        raise LinkError(f"{url} is no map: {faults}") from None
    if arena.digest != digest:
        raise LinkError(f"{url} is not the map that the match plays on")
    return arena


def _fetch(url: str) -> str:
    try:
        with urllib.request.urlopen(url, timeout=FETCH_S) as answer:
            content: bytes = answer.read(FILE_BYTES_MAX + 1)
            return content.decode()
    except (OSError, UnicodeDecodeError) as error:  # HTTP errors are OSErrors too
        raise LinkError(f"{url} cannot be fetched: {error}") from None
