"""Each check of the browser client's walls can fail."""

import pytest

from tests.architecture import browser


@pytest.mark.parametrize(
    "line",
    [
        'import { a } from "../net/socket";',
        'import type { A } from "../net/socket";',
        'import {\n  a,\n  b,\n} from "../net/socket";',
        'export * from "../net/socket";',
        'import "../net/socket";',
        'const late = await import("../net/socket");',
    ],
)
def test_every_way_to_import_is_seen(line: str):
    path, target = f"{browser.SOURCES}hud/a.ts", f"{browser.SOURCES}net/socket.ts"
    assert browser.imports_of(path, line, {target}) == {target}
    assert browser.wall_faults({path: {target}}) == [f"{path}: hud may not import net/socket.ts"]


def test_a_circle_is_found_however_long():
    round_trip = {"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": {"a"}}
    assert browser.circle_faults(round_trip) == ["a → b → c → a"]
    assert browser.circle_faults({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []
