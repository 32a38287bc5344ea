"""Client frames to send: by hand, and as Hypothesis strategies."""

import itertools

from hypothesis import strategies as st

from server.net.frames import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, unmask


def frame(
    opcode: int,
    payload: bytes = b"",
    *,
    is_final: bool = True,
    reserved: int = 0,
    mask: bytes | None = b"\x11\x22\x33\x44",
) -> bytes:
    """One frame as a client sends it, or must not send it (`mask=None`, `reserved`)."""
    masked_bit = 0 if mask is None else 0x80
    length = len(payload)
    first = bytes((is_final << 7 | reserved << 4 | opcode,))
    if length < 126:
        head = first + bytes((masked_bit | length,))
    elif length < 65_536:
        head = first + bytes((masked_bit | 126,)) + length.to_bytes(2, "big")
    else:
        head = first + bytes((masked_bit | 127,)) + length.to_bytes(8, "big")
    return head + (payload if mask is None else mask + unmask(mask, payload))


MASKS = st.binary(min_size=4, max_size=4)
SMALL = st.binary(max_size=40)
PAYLOADS = st.one_of(SMALL, st.binary(min_size=120, max_size=135), st.binary(max_size=1_024))
CONTROLS = st.builds(
    lambda opcode, payload, mask: frame(opcode, payload, mask=mask),
    st.sampled_from((PING, PONG)),
    st.binary(max_size=125),
    MASKS,
)
BINARIES = st.builds(lambda payload, mask: frame(BINARY, payload, mask=mask), PAYLOADS, MASKS)
TEXTS = st.builds(
    lambda text, mask: frame(TEXT, text.encode(), mask=mask), st.text(max_size=30), MASKS
)
TOO_LONG = st.builds(
    lambda length, mask: frame(BINARY, bytes(length), mask=mask),
    st.integers(1_025, 1_300),
    MASKS,
)


@st.composite
def fragmented(draw: st.DrawFn) -> bytes:
    """A binary message in pieces, with control frames between them."""
    pieces = draw(st.lists(SMALL, min_size=2, max_size=5))
    out = bytearray()
    for number, piece in enumerate(pieces):
        opcode = CONTINUATION if number else BINARY
        is_final = number == len(pieces) - 1
        out += frame(opcode, piece, is_final=is_final, mask=draw(MASKS))
        if not is_final:
            out += b"".join(draw(st.lists(CONTROLS, max_size=2)))
    return bytes(out)


CLOSES = st.builds(
    lambda code, reason: frame(CLOSE, code.to_bytes(2, "big") + reason.encode()),
    st.sampled_from((1000, 1001, 3000, 4999)),
    st.text(max_size=10),
)
BROKEN = st.sampled_from(
    (
        frame(3),
        frame(BINARY, b"x", reserved=4),
        frame(BINARY, b"x", mask=None),
        frame(CONTINUATION, b"x"),
        frame(PING, b"x", is_final=False),
        b"\x82\xfe\x00\x05" + bytes(9),  # a longer form than the length needs
    )
)


@st.composite
def chunked(draw: st.DrawFn, content: bytes) -> list[bytes]:
    """The same bytes, cut anywhere."""
    cuts = sorted(draw(st.sets(st.integers(0, len(content)), max_size=12)))
    edges = [0, *cuts, len(content)]
    return [content[a:b] for a, b in itertools.pairwise(edges) if a < b]
