"""Generated names are valid names."""

import random

from server.lobby.nicknames import FIRST, SECOND, nickname
from server.names.clean import clean
from server.names.reserved import bot_alike, is_reserved


def test_made_up_names_are_neither_reserved_nor_a_bots():
    for first in FIRST:
        for second in SECOND:
            name = f"{first} {second}"
            assert clean(name).text == name
            assert not is_reserved(name)
            assert not bot_alike(name)


def test_names_are_made_up_from_the_dice():
    assert nickname(random.Random(1)) == nickname(random.Random(1))
