"""Settings: every value that may be chosen comes back, every other one is refused in words."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clients.desktop.core.input.bindings import CONTROLS, KNOWN, controls_by_binding, rebound
from clients.desktop.core.settings import (
    FRAMES_PER_S,
    PALETTES,
    Settings,
    SettingsError,
    checked,
    settings_from,
    text_of,
)

names = st.text(
    st.characters(categories=["L", "N", "P", "S"], exclude_characters='"'), max_size=16
) | st.sampled_from(['quo"te', "back\\slash", "Zoë 🚀"])
keys = st.dictionaries(
    st.sampled_from(sorted(CONTROLS)),
    st.lists(st.sampled_from(sorted(KNOWN)), max_size=4).map(tuple),
)
chosen = st.fixed_dictionaries(
    {},
    optional={
        "name": names,
        "volume": st.integers(0, 100),
        "palette": st.sampled_from(PALETTES),
        "reduced_motion": st.booleans(),
        "net_graph": st.booleans(),
        "frames_per_second": st.integers(*FRAMES_PER_S),
        "keys": keys,
    },
)


@given(chosen)
def test_written_bytes_are_read_back(values: dict[str, object]) -> None:
    settings = checked(Settings(), values)
    assert settings_from(text_of(settings)) == settings


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("volume = ", "it is not valid TOML"),
        ("volume = 101", "0 to 100"),
        ("volume = true", "0 to 100"),
        ('name = "a name that is far too long for anybody to read"', "at most 40"),
        ('name = "\\u0007"', "can be seen"),
        ('palette = "pink"', "palette is one of"),
        ("palette = []", "palette is one of"),
        ('reduced_motion = "yes"', "true or false"),
        ("loudness = 3", "unknown setting 'loudness'"),
        ("frames_per_second = 0", "30 to 240"),
        ("keys = 3", "a table"),
        ('[keys]\nfly = ["w"]', "unknown control"),
        ('[keys]\nup = ["any key"]', "no key is called 'any key'"),
        ("[keys]\nup = [[]]", "no key is called"),
        ('[keys]\nup = "w"', "a list of at most"),
    ],
)
def test_a_text_that_cannot_be_used_is_refused_in_words(text: str, words: str) -> None:
    with pytest.raises(SettingsError, match=words):
        settings_from(text)


@given(st.text(max_size=60))
def test_no_text_breaks_the_reader(text: str) -> None:
    with suppress(SettingsError):
        settings_from(text)


def test_a_key_asks_for_one_thing_after_it_was_bound_anew() -> None:
    after = rebound(Settings().keys, "fire", "w")
    assert controls_by_binding(after)["w"] == ("fire",)
    assert after["fire"] == ("w", "mouse 1")


def test_no_key_asks_for_two_things_by_default() -> None:
    assert all(len(controls) == 1 for controls in controls_by_binding(Settings().keys).values())
