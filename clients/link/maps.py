"""Fetches a map from the server that plays on it."""

import urllib.request

import trio

from clients.link.address import Address
from clients.link.errors import LinkError
from game.arena import Arena
from game.map_faults import MapFaults
from game.tiled import FILE_BYTES_MAX, parse

FETCH_S = 10.0


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
