"""A file of another kind is named, with advice on how to get a map; a map is read unchanged."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from game.map_faults import FaultList, MapFaults
from game.tiled import floor_tiles, parse
from game.tiled_text import FILE_BYTES_MAX, decode, load
from tests.game.tiled_maps import document_from, faults_of, text_of

GOOD = text_of(document_from())
TMX = """<?xml version="1.0" encoding="UTF-8"?>
<map version="1.10" orientation="orthogonal" width="5" height="5" tilewidth="32" tileheight="32">
 <tileset firstgid="1" source="tiles.tsx"/>
</map>
"""


def decoded_or_refused(raw: bytes, size: int = 0) -> str:
    try:
        return decode(raw, size)
    except MapFaults as refusal:
        return str(refusal)


@pytest.mark.parametrize(
    ("text", "what"),
    [
        (
            TMX,
            "the file is XML (.tmx), which is not read: open it in Tiled and choose File > Expor",
        ),
        ("\ufeff" + TMX, "the file is XML (.tmx)"),
        ("<map><tileset/></map>", "the file is XML (.tmx)"),
        ('<!DOCTYPE map [<!ENTITY a "aaaa">]><map/>', "the file is XML (.tmx)"),
        ('<?xml version="1.0"?>\n<tileset name="t"/>', "the file is a Tiled tileset (.tsx), not"),
        ('<?xml version="1.0"?>\n<template>\n <tileset/>', "the file is a Tiled template (.tx)"),
        ("<html></html>", "the file is XML, not a map"),
        ("<<<<<<< HEAD\n{}", "the file is not JSON: Expecting value: line 1"),
        ("(function(name,data){\n", "the file is a JavaScript export (.js)"),
        ("return {\n", "the file is a Lua export (.lua)"),
        ('{"type": "tileset", "name": "t"}', "the file is a Tiled tileset (.tsj)"),
        ('{"type": "template", "object": {}}', "the file is a Tiled template (.tj)"),
        ('{"type": "world", "maps": []}', "the file is a Tiled world (.world)"),
        ('{"folders": ["."], "commands": []}', "the file is JSON, but not a Tiled map, for it has"),
        ('{"type": ["map"]}', "the file is JSON, but not a Tiled map"),
        ("[1]", "the file is JSON, but not a Tiled map"),
        ("1,2,3\n4,5,6", "the file is not JSON: Extra data: line 1"),
        ("", "the file is not JSON: Expecting value: line 1"),
        ('{"layers": NaN}', "the file is not JSON: NaN is not a number"),
        ('{"layers": -Infinity}', "the file is not JSON: -Infinity is not a number"),
    ],
)
def test_other_files_are_called_by_their_name(text: str, what: str) -> None:
    (fault,) = faults_of(text)
    assert fault.startswith(what)


def test_a_byte_order_mark_changes_nothing() -> None:
    marked = b"\xef\xbb\xbf" + GOOD.encode()
    assert decode(marked) == GOOD
    assert parse("\ufeff" + GOOD, "drawn") == parse(GOOD, "drawn")
    assert floor_tiles("\ufeff" + GOOD) == floor_tiles(GOOD)


@pytest.mark.parametrize("ending", ["\r\n", "\n", "\r"])
def test_line_endings_change_nothing_but_the_digest(ending: str) -> None:
    lined = json.dumps(document_from(), indent=1).replace("\n", ending)
    arena, plain = parse(decode(lined.encode()), "drawn"), parse(GOOD, "drawn")
    assert (arena.walls, arena.pads, arena.spawns) == (plain.walls, plain.pads, plain.spawns)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
def test_other_widths_of_unicode_are_refused_with_their_name(encoding: str) -> None:
    assert decoded_or_refused(GOOD.encode(encoding)) == (
        "the file is UTF-16 or UTF-32 text: save it again, as UTF-8"
    )


def test_an_old_encoding_is_refused_with_the_place() -> None:
    assert decoded_or_refused('{"title": "Höhle"}'.encode("latin-1")) == (
        "the file is not UTF-8 text from byte 12 on: save it again from Tiled, or as UTF-8"
    )


def test_the_limit_of_bytes_says_which_and_why_and_how_to_come_below_it() -> None:
    refusal = decoded_or_refused(b"x" * (FILE_BYTES_MAX + 1), 5_000_000)
    assert refusal.startswith("the file has 5,000,000 bytes, and a map may have 1,048,576 (1 MiB)")
    assert "because every player fetches it: delete layers" in refusal
    assert decoded_or_refused(b"x" * (FILE_BYTES_MAX + 1)).startswith(
        "the file has 1,048,577 bytes"
    )
    assert decode(b"x" * FILE_BYTES_MAX)


@pytest.mark.parametrize("where", ["", "layers"])
def test_a_key_that_is_there_twice_is_refused(where: str) -> None:
    twice = GOOD.replace('"height"', '"height": 5, "height"', 1)
    if where:
        twice = GOOD.replace('"name": "walls"', '"name": "walls", "name": "walls"')
    assert "is there twice in one object: save the map again" in faults_of(twice)[0]


@given(st.binary(max_size=200))
def test_no_bytes_escape_as_anything_but_text_or_a_refusal(raw: bytes) -> None:
    faults = FaultList()
    document = load(decoded_or_refused(raw), faults)
    assert bool(faults.kept) == ("layers" not in document)
