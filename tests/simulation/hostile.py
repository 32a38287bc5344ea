"""Attackers. Whatever they do, no player may notice it, and nothing may be left behind.

Owns: what attackers send. Must not know: its effects, which are the witness's to judge.
"""

import random

import trio

from clients.net.errors import ClientError
from clients.net.frames import masked_frame
from game.wire.codec import encode, fingerprint
from game.wire.lobby_messages import Hello, Ping, Play
from game.wire.match_messages import Join
from tests.simulation.town import Town
from tests.simulation.wire import Wire, open_wire, upgrade_head

AGAIN_S = 4.0  # on average
HOLDS_S = 8.0
FLOOD_MESSAGES = 80  # several times what the lobby accepts


async def harass(town: Town, kind: str, dice: random.Random, address: str) -> None:
    """Repeat one kind of attack until the run is calm."""
    while not town.is_calm:
        await trio.sleep(dice.expovariate(1 / AGAIN_S))
        town.trace.note("hostile", kind)
        try:
            with trio.move_on_after(HOLDS_S):
                await _attack(town, kind, dice, address)
        except (ClientError, ConnectionRefusedError):
            pass  # as it should be


async def _attack(town: Town, kind: str, dice: random.Random, address: str) -> None:
    if kind in ("garbage", "half head"):
        transport = await town.network.connect(address)
        head = upgrade_head("/lobby")
        rubbish = dice.randbytes(dice.randint(1, 3_000))
        transport.io.write_nowait(
            rubbish if kind == "garbage" else head[: dice.randint(0, len(head) - 1)]
        )
        await trio.sleep(dice.uniform(0, HOLDS_S))
        transport.reset()
        return
    wire = await open_wire(town.network, dice.choice(("/lobby", "/match/nowhere")), address, dice)
    try:
        await _misbehave(wire, kind, dice)
    finally:
        wire.transport.close()


async def _misbehave(wire: Wire, kind: str, dice: random.Random) -> None:
    hello = encode(Hello(fingerprint(), "Mallory", b""))
    if kind == "flood":
        await wire.send(hello)
        for _ in range(FLOOD_MESSAGES):
            is_sense = dice.random() < 0.5
            play = encode(Play(dice.choice(("duel", "chess"))))
            await wire.send(play if is_sense else dice.randbytes(dice.randint(0, 40)))
        await trio.sleep(dice.uniform(0, 2))
    elif kind == "deaf":
        await wire.send(hello)
        for nonce in range(100):
            await wire.send(encode(Ping(nonce)))
            await trio.sleep(0.2)
    elif kind == "bad ticket":
        ticket = dice.randbytes(dice.randint(1, 200))
        await wire.send(encode(Join(fingerprint(), ticket)))
        while True:
            await wire.receive()
    elif kind == "huge frame":
        frame = masked_frame(dice.randbytes(60_000), dice)
        await wire.send_raw(frame[: dice.randint(1, len(frame))])
        await trio.sleep(1)
    else:  # both sides close at once, and the client keeps sending
        wire.say_close()
        await wire.send(hello)
        await trio.sleep(dice.random())
