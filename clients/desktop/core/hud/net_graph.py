"""The state of the network: numbers, and the last snapshots as bars."""

from collections.abc import Iterator
from typing import Final

from clients.desktop.core.net_meter import NetStats
from clients.desktop.core.palette import ActivePalette
from clients.desktop.core.shapes import Box, Rect, Shape, Text

WIDTH: Final = 264
BARS: Final = 120
BYTES_FULL: Final = 400  # a bar of this many is as high as the graph
GRAPH_HEIGHT: Final = 40
MARGIN_FULL_TICKS: Final = 8


def net_graph(net: NetStats, paints: ActivePalette, size: tuple[int, int]) -> Iterator[Shape]:
    """The lower right: round trip, jitter, delay of the others, margin, bytes, corrections."""
    colours = paints.colours
    rect = Rect(size[0] - WIDTH - 14, size[1] - 244, WIDTH, 230)
    yield Box(rect, colours.panel, 225, 4)
    rows = (
        ("round trip", f"{net.round_trip_ms} ms"),
        ("jitter", f"{net.jitter_ms:.1f} ms"),
        ("interpolation delay", f"{net.delay_ms:.0f} ms"),
        ("input margin", f"{net.margin_ticks:.1f} ticks"),
        ("snapshots", f"{net.snapshots_per_s:.0f}/s · {net.bytes_per_s * 8 / 1_000:.0f} kbit/s"),
        ("corrections", f"{net.corrections} · last {net.correction_units} units"),
        ("unforced", str(net.unforced)),
        ("frames", f"{net.frames_per_s:.0f}/s"),
    )
    for number, (title, value) in enumerate(rows):
        y = rect.y + 16 + 18 * number
        yield Text(rect.x + 12, y, title, 12, colours.muted)
        yield Text(rect.right - 12, y, value, 12, colours.text, 1.0)
    bottom = rect.bottom - 10
    for number, sample in enumerate(net.history[-BARS:]):
        x = rect.x + 12 + 2 * number
        height = min(GRAPH_HEIGHT, max(1, sample.size_bytes * GRAPH_HEIGHT // BYTES_FULL))
        colour = colours.danger if sample.is_corrected else colours.armour
        yield Box(Rect(x, bottom - height, 1, height), colour)
        late = min(MARGIN_FULL_TICKS, max(0, sample.margin_ticks)) * 3
        dye = colours.health if sample.margin_ticks >= 0 else colours.danger
        yield Box(Rect(x, bottom - GRAPH_HEIGHT - 4 - late, 1, 2), dye)
