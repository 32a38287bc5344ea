"""Turns the bytes of a map file into a JSON document, or says which other kind of file it is.

Owns: encodings, the limit of bytes, JSON, and the files that people mistake for a `.tmj`. Must not
know: layers, objects. Invariant: whatever the bytes, the answer is a document of a Tiled map's
shape (it has `layers`) or faults, and the work is bounded by `FILE_BYTES_MAX`.
"""

import json
from collections import Counter

from game.map_faults import FaultList, MapFault, MapFaults

FILE_BYTES_MAX = 1 << 20
BYTE_ORDER_MARK = "\ufeff"
SAVE_AS = "open it in Tiled and choose File > Export As…, JSON map files (*.tmj *.json)"
HEAD_CHARACTERS = 4_096
QUOTED_CHARACTERS = 24
XML_FILES = {  # by root element
    "map": f"XML (.tmx), which is not read: {SAVE_AS}",
    "tileset": "a Tiled tileset (.tsx), not a map",
    "template": "a Tiled template (.tx), not a map",
}
OTHER_TEXTS = {  # by how the text begins
    "(function": f"a JavaScript export (.js), which is not read: {SAVE_AS}",
    "return {": f"a Lua export (.lua), which is not read: {SAVE_AS}",
}
JSON_FILES = {  # by what Tiled writes as its `type`
    "tileset": "a Tiled tileset (.tsj), not a map",
    "template": "a Tiled template (.tj), not a map",
    "world": "a Tiled world (.world), not a map: name one of its maps",
}
Json = dict[str, object]


class _EqualKeysError(ValueError):
    """A JSON object has a key twice; the message is the key."""


def decode(raw: bytes, size: int = 0) -> str:
    """Return the text of a file that has `size` bytes, of which `raw` are the first.

    A byte order mark is dropped. Raises `MapFaults`.
    """
    size = max(size, len(raw))
    if size > FILE_BYTES_MAX:
        raise MapFaults((MapFault(_too_long(size)),))
    # Every JSON text begins with an ASCII character, so a zero byte tells UTF-16 and UTF-32.
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in raw[:4]:
        raise MapFaults((MapFault("the file is UTF-16 or UTF-32 text: save it again, as UTF-8"),))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        fault = MapFault(
            f"the file is not UTF-8 text from byte {error.start} on:"
            " save it again from Tiled, or as UTF-8"
        )
        raise MapFaults((fault,)) from error


def load(text: str, faults: FaultList) -> Json:
    """Return the document that `text` holds; an empty one, with a fault, if it holds no map."""
    try:
        size = len(text.encode())
        if size > FILE_BYTES_MAX:
            faults.add(_too_long(size))
            return {}
        document = json.loads(
            text, object_pairs_hook=_unequal_keys, parse_constant=_refuse_constant
        )
    except UnicodeEncodeError:
        faults.add("the file is not Unicode text")
    except RecursionError:
        faults.add("the file is nested too deeply for a Tiled map")
    except _EqualKeysError as error:
        faults.add(
            f"the key {quoted(error)} is there twice in one object: save the map again from Tiled"
        )
    except ValueError as error:
        faults.add(f"the file is {_other_text(text) or f'not JSON: {error}'}")
    else:
        if isinstance(document, dict) and "layers" in document:
            return document
        faults.add(f"the file is {_other_json(document)}")
    return {}


def quoted(value: object) -> str:
    """Return a value from a file, quoted for a sentence: short, without control characters."""
    return repr(str(value)[:QUOTED_CHARACTERS])


def _too_long(size: int) -> str:
    return (
        f"the file has {size:,} bytes, and a map may have {FILE_BYTES_MAX:,} (1 MiB), because every"
        " player fetches it: delete layers that the game does not read, draw walls and floor with"
        " tiles that are not flipped or turned (their numbers are long), and export with"
        " Edit > Preferences > Minimize output"
    )


def _other_text(text: str) -> str:
    head = text[:HEAD_CHARACTERS].lstrip()
    if head.startswith("<") and not head.startswith("<<"):  # "<<" is a merge conflict marker
        roots = [(head.find(f"<{root}"), what) for root, what in XML_FILES.items()]
        return min((root for root in roots if root[0] >= 0), default=(0, "XML, not a map"))[1]
    return next((what for start, what in OTHER_TEXTS.items() if head.startswith(start)), "")


def _other_json(document: object) -> str:
    said = document.get("type") if isinstance(document, dict) else None
    what = JSON_FILES.get(said) if isinstance(said, str) else None
    return what or f"JSON, but not a Tiled map, for it has no layers: {SAVE_AS}"


def _unequal_keys(pairs: list[tuple[str, object]]) -> Json:
    """Refuse equal keys: readers differ in which of them they use."""
    found = dict(pairs)
    if len(found) < len(pairs):
        (key, _), *_ = Counter(key for key, _ in pairs).most_common(1)
        raise _EqualKeysError(key)
    return found


def _refuse_constant(text: str) -> object:
    raise ValueError(f"{text} is not a number")
