"""The browser client's rooms: which may import which.

A room is a folder of `clients/browser/src`, or a file directly in it. Entry points come last.
"""

import posixpath
import re
from collections.abc import Iterable, Mapping

SOURCES = "clients/browser/src/"

# Scene, HUD and screens draw frames (`model.ts`) and know no connection. The rules and the netcode
# know neither the page nor any socket.
ROOMS: Mapping[str, frozenset[str]] = {
    room: frozenset(others.split())
    for room, others in {
        "wire": "",
        "dom.ts": "",
        "names.ts": "",
        "glyphs.ts": "",
        "model.ts": "",
        "lexicon.ts": "wire",
        "deepLink.ts": "wire",
        "rules": "model.ts wire",
        "netcode": "model.ts rules wire",
        "input": "lexicon.ts netcode rules wire",
        "settings.ts": "input",
        "styles": "settings.ts",
        "positionLog.ts": "model.ts wire",
        "net": "model.ts settings.ts wire",
        "match": "model.ts net netcode rules settings.ts wire",
        "lobby": "match model.ts net settings.ts wire",
        "replay": "dom.ts glyphs.ts lexicon.ts match model.ts names.ts net netcode styles wire",
        "stage.ts": "input model.ts replay",
        "audio": "lexicon.ts model.ts settings.ts wire",
        "scene": "glyphs.ts lexicon.ts model.ts names.ts settings.ts stage.ts styles wire",
        "hud": "dom.ts glyphs.ts input lexicon.ts model.ts names.ts scene settings.ts styles wire",
        "screens": "dom.ts glyphs.ts hud input lexicon.ts model.ts names.ts replay scene"
        " settings.ts styles",
        "app.ts": "input lobby match model.ts net netcode positionLog.ts replay settings.ts"
        " stage.ts wire",
        "testHook.ts": "app.ts model.ts positionLog.ts",
        "playground": "hud input lexicon.ts model.ts scene screens settings.ts wire",
        "main.ts": "app.ts audio deepLink.ts hud input match net replay scene screens settings.ts"
        " testHook.ts",
    }.items()
}

# One file of a room that may be imported from another, beside the rooms above.
DOORS = frozenset(
    {
        ("scene", "net/scheduler.ts"),  # timers that tests replace
        ("screens", "net/url.ts"),  # addresses relative to the page
    }
)

_IMPORT = re.compile(
    r"""^\s*(?:import|export)\b[^;"']*?\bfrom\s+["'](\.[^"']+)["']"""  # and of types alone
    r"""|^\s*import\s+["'](\.[^"']+)["']"""
    r"""|\bimport\(\s*["'](\.[^"']+)["']""",
    re.MULTILINE,
)


def imports_of(path: str, source: str, known: Iterable[str]) -> set[str]:
    """The files among `known` that a source imports. Raises AssertionError for one that is none."""
    known, found = set(known), set()
    for names in _IMPORT.findall(source):
        target = posixpath.normpath(posixpath.join(posixpath.dirname(path), "".join(names)))
        ending = [file for file in (target, f"{target}.ts") if file in known]
        assert ending, f"{path} imports {target}, which is no file"
        found.add(ending[0])
    return found


def room_of(path: str) -> str:
    """The room that a file of the client lies in."""
    return path.removeprefix(SOURCES).split("/")[0]


def wall_faults(imports: Mapping[str, set[str]]) -> list[str]:
    """Imports that no row of `ROOMS` and no door allows."""
    faults = []
    for path, targets in imports.items():
        room = room_of(path)
        for target in targets:
            other = room_of(target)
            allowed = {room, *ROOMS.get(room, frozenset())}
            is_door = (room, target.removeprefix(SOURCES)) in DOORS
            if other not in allowed and not is_door:
                faults.append(f"{path}: {room} may not import {target.removeprefix(SOURCES)}")
    return faults


def circle_faults(imports: Mapping[str, set[str]]) -> list[str]:
    """Files that import each other, directly or by way of others."""
    done: set[str] = set()
    faults: list[str] = []

    def visit(path: str, road: tuple[str, ...]) -> None:
        if path in road:
            faults.append(" → ".join([*road[road.index(path) :], path]))
        elif path not in done:
            for target in sorted(imports.get(path, ())):
                visit(target, (*road, path))
            done.add(path)

    for path in sorted(imports):
        visit(path, ())
    return faults
