"""Faults of a map's ground are reported with their place."""

from tests.game.tiled_maps import (
    GOOD,
    TILE_PIXELS,
    document_from,
    faults_of,
    layer,
    only_fault,
    text_of,
)


def test_an_open_border_is_one_fault_for_each_gap() -> None:
    gap = GOOD.replace("##########\n#s..h...s#", "#..####.##\n#s..h...s#")
    faults = faults_of(text_of(document_from(gap)))
    assert faults == [
        "1,0: the border is open for 2 tiles: close it with walls",
        "7,0: the border is open for 1 tile: close it with walls",
    ]


def test_a_spawn_in_a_wall() -> None:
    document = document_from()
    layer(document, "spawns")["objects"][0]["y"] = 8
    assert only_fault(document) == "1,0: spawn 1 is in a wall"


def test_a_spawn_too_near_a_wall() -> None:
    document = document_from()
    layer(document, "spawns")["objects"][0]["y"] = TILE_PIXELS + 6
    assert "1,1: spawn 1 is too near a wall" in only_fault(document)


def test_a_pickup_in_a_wall() -> None:
    document = document_from()
    layer(document, "pickups")["objects"][0] |= {"x": 72, "y": 56}
    assert only_fault(document) == "4,3: pickup 1 is in a wall"


def test_a_place_outside_of_the_map() -> None:
    document = document_from()
    layer(document, "pickups")["objects"][0] |= {"x": -72, "y": 56}
    assert only_fault(document) == "-5,3: pickup 1 lies outside the map"


def test_two_things_on_one_tile() -> None:
    document = document_from()
    spawn = layer(document, "spawns")["objects"][0]
    layer(document, "pickups")["objects"][0] |= {"x": spawn["x"], "y": spawn["y"]}
    assert only_fault(document) == "1,1: pickup 1 is on the same tile as spawn 1"


def test_a_closed_pocket_and_the_pickup_in_it() -> None:
    drawing = """
##########
#s......s#
#..####..#
#..#h.#..#
#..####..#
#s......s#
##########
"""
    assert faults_of(text_of(document_from(drawing))) == [
        "4,3: a closed pocket of 2 tiles: open it or fill it",
        "4,3: pickup 1 cannot be reached from the rest of the map",
    ]


def test_two_halves_that_touch_only_at_a_corner_are_not_connected() -> None:
    drawing = """
########
#s.s####
#...####
#s.s####
####...#
####...#
########
"""
    fault = "4,4: a closed pocket of 6 tiles: open it or fill it"
    assert faults_of(text_of(document_from(drawing))) == [fault]


def test_nothing_but_wall() -> None:
    document = document_from()
    layer(document, "walls")["data"] = [8] * 70
    assert "there is no free tile: everything is wall" in faults_of(text_of(document))
