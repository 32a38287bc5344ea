"""Fetches a map from the server that plays on it."""

import trio
from attrs import define, field

from clients.net.address import Address
from clients.net.errors import ClientError
from clients.net.http import fetch
from game.arena import Arena
from game.map_faults import MapFaults
from game.tiled import parse
from game.tiled_text import FILE_BYTES_MAX


@define
class ArenaCache:
    """Arenas by digest, each fetched once for the whole process."""

    address: Address
    _arenas: dict[str, Arena] = field(factory=dict)
    _lock: trio.Lock = field(factory=trio.Lock)

    async def arena(self, name: str, digest: str) -> Arena:
        """The arena that a welcome names. Raises `ClientError`."""
        async with self._lock:
            if digest not in self._arenas:
                self._arenas[digest] = await fetch_map(self.address, name, digest)
            return self._arenas[digest]


async def fetch_map(address: Address, name: str, digest: str) -> Arena:
    """Fetch the arena called `name`, which must have this digest. Raises `ClientError`."""
    url = address.http(f"/maps/{name}.tmj")
    content = await fetch(address, f"/maps/{name}.tmj", FILE_BYTES_MAX)
    try:
        arena = parse(content.decode(), name)
    except UnicodeDecodeError:
        raise ClientError(f"{url} is no map: it is not UTF-8") from None
    except MapFaults as faults:
        raise ClientError(f"{url} is no map: {faults}") from None
    if arena.digest != digest:
        raise ClientError(f"{url} is not the map that the match plays on")
    return arena
