"""The Python clients' common part: from an address to a seat, and the match as seen from it.

async with play("http://127.0.0.1:8000", name="Rookie") as match:
    async for perception in match:
        match.send(Input(buttons=FIRE, aim=...))
"""

from clients.net.errors import ClientError, ConnectionEndedError, RefusedError
from clients.net.maps import fetch_map
from clients.net.match import MatchClient
from clients.net.play import play
from game.brain.perception import Perception
from game.inputs import Input

__all__ = [
    "ClientError",
    "ConnectionEndedError",
    "Input",
    "MatchClient",
    "Perception",
    "RefusedError",
    "fetch_map",
    "play",
]
