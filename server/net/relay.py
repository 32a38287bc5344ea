"""Carries bytes between two transports, for a peer whose encrypted connection another process
serves: only this process has the keys.

Owns: the order of bytes each way, and both ends. Must not know: what the bytes are. Invariant: it
holds at most one piece each way, so a peer that does not read holds the other one back.

    relay ─┬─ from the peer to the process
           └─ from the process to the peer
"""

import trio

from server.net.transport import Transport

PIECE_BYTES = 16_384


async def relay(peer: Transport, process: Transport) -> None:
    """Carry bytes until the process has ended its side, or one of both breaks."""
    try:
        async with trio.open_nursery() as nursery:
            nursery.start_soon(_carry, peer, process)
            await _carry(process, peer)
            nursery.cancel_scope.cancel()
    except* (trio.BrokenResourceError, trio.ClosedResourceError):
        pass  # either end is gone; the caller closes what is left
    finally:
        process.close()


async def _carry(source: Transport, target: Transport) -> None:
    """Carry bytes one way until the source ends, and pass the end on."""
    while True:
        piece = source.io.read_nowait(PIECE_BYTES)
        if piece is None:
            await source.wait_readable()
            continue
        if not piece:
            break
        left = memoryview(piece)
        while left := left[target.io.write_nowait(left) :]:
            await target.wait_writable()
        while not target.io.flush_nowait():
            await target.wait_writable()
        await trio.lowlevel.checkpoint()
    target.shut_down_writing()
