"""The browser's tables equal the game's."""

import json

import pytest

from game.tuning import TUNING
from game.wire.export import TARGET, main, render
from game.wire.fingerprint import fingerprint
from game.wire.messages import MESSAGES
from game.wire.typescript import camel, constant, literal, pascal, wrapped


@pytest.mark.interpreted  # it reads docstrings
def test_the_generated_file_is_fresh() -> None:
    assert TARGET.read_text(encoding="utf-8") == render(), "run `python -m game.wire.export`"
    assert main(["--check"]) == 0


def test_every_message_has_an_interface_and_a_row() -> None:
    text = render()
    for row in [message.spec for message in MESSAGES]:
        name = pascal(f"{row.channel.value}_{row.sender.value}_{row.name}")
        assert f"export interface {name} {{" in text
    assert text.count("{ number: ") == len(MESSAGES)


def test_the_browser_learns_the_fingerprint_and_the_numbers() -> None:
    text = render()
    assert f'FINGERPRINT = "{fingerprint().hex()}"' in text
    assert f"runSpeed: {TUNING.run_speed}" in text


def test_names_change_their_spelling() -> None:
    assert camel("players_min") == "playersMin"
    assert camel("x") == "x"
    assert pascal("create_room") == "CreateRoom"


def test_literals_are_javascript() -> None:
    texts = ['a"b\\c', "ä"]
    assert literal(texts) == json.dumps(texts, ensure_ascii=False)
    assert literal({1: (True, -5), "b": {}}) == "{ 1: [true, -5], b: {} }"


def test_long_values_are_broken_and_lose_nothing() -> None:
    numbers = list(range(500))
    text = wrapped(numbers)
    assert [int(word) for word in text.replace(",", " ").split()] == numbers
    assert max(map(len, text.splitlines())) <= 100
    assert constant("A", 1) == "export const A = 1;\n"
