"""From an address to a seat: what a bot's author calls.

play(...)
  nursery ─┬─ the lobby's socket, until there is a seat
           └─ the match's socket
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import trio

from clients.net.address import Address
from clients.net.lobby import LobbyClient
from clients.net.match import MatchClient


@asynccontextmanager
async def play(url: str, *, name: str = "", mode: str = "deathmatch") -> AsyncIterator[MatchClient]:
    """Queue for `mode` and take the seat. Iterate over the match for perceptions, `send` an
    input for each.

    Raises `ClientError` when the server cannot be reached or refuses.
    """
    try:
        async with trio.open_nursery() as nursery:
            match = await find_match(nursery, Address.parse(url), name, mode)
            try:
                yield match
            finally:
                await match.leave()
                nursery.cancel_scope.cancel()
    except BaseExceptionGroup as group:  # one error is raised as itself, not as a group of one
        if len(group.exceptions) == 1:
            raise group.exceptions[0] from None
        raise


async def find_match(nursery: trio.Nursery, address: Address, name: str, mode: str) -> MatchClient:
    """Ask the lobby for a seat. Raises `ClientError`."""
    lobby = await LobbyClient.open(nursery, address, name)
    try:
        seat = await lobby.play(mode)
    finally:
        lobby.leave()
    return MatchClient(address, seat, nursery)
