"""Generated names are valid names."""

import random

from server.lobby.nicknames import FIRST, SECOND, nickname
from server.names.clean import clean
from server.names.house import bot_alike, speaks_for_the_house


def test_names_that_are_made_up_are_neither_the_houses_nor_a_bots():
    for first in FIRST:
        for second in SECOND:
            name = f"{first} {second}"
            assert clean(name).text == name
            assert not speaks_for_the_house(name)
            assert not bot_alike(name)


def test_names_are_made_up_from_the_dice():
    assert nickname(random.Random(1)) == nickname(random.Random(1))
