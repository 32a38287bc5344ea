"""Names that people would confuse share a key."""

import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from server.names.clean import clean
from server.names.lookalikes import keys_of


def are_alike(one: str, other: str) -> bool:
    return not set(keys_of(clean(one).text)).isdisjoint(keys_of(clean(other).text))


@pytest.mark.parametrize(
    "imitation",
    [
        "aLICE", "Ａｌｉｃｅ", "Аlice", "Alіcе", "AIice", "A1ice", "A|ice", "A.l.i.c.e", "Al ice",
        "A\u034flice", "Alice\ufe0f", "Alice\u17b4", "Al\u200bice", "Al\u200dice", "Al\u00adice",
        "Alice\u3164", "Alice\u2800", "Alice\U000e0041", "\u2066Alice\u2069", "A\u0337l\u0337ice",
        "Álice", "Ałice", "ᴀʟɪᴄᴇ", "𝓐𝓵𝓲𝓬𝓮", "Ⓐⓛⓘⓒⓔ", "ΑΙΙСЕ", "Ꭺlice", "ꓮlice", "Alicе",
    ],
)  # fmt: skip
def test_imitations_of_alice_are_alike(imitation: str):
    assert are_alike("Alice", imitation)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("paypal", "раураl"),
        ("Modern", "Modem"),
        ("Walter", "VValter"),
        ("Adam", "Aclam"),
        ("scope", "ѕсоре"),
        ("НОРА", "нора"),
        ("ΗΡΑ", "ηρα"),
        ("ΗΡΑ", "HPA"),
        ("ロック", "口ック"),
        ("محمد", "محـــمد"),
        ("می‌خواهم", "میخواهم"),
        ("葛城", "葛\U000e0100城"),
        ("STRASSE", "straße"),
    ],
)
def test_whole_names_of_other_letters_are_alike(one: str, other: str):
    assert are_alike(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Ann", "Bea"),
        ("Ann", "Anna"),
        ("Ann 2", "Ann 3"),
        ("Иван", "Вани"),
        ("か", "が"),
        ("कि", "की"),
    ],
)
def test_names_that_differ_for_the_eye_are_not_alike(one: str, other: str):
    assert not are_alike(one, other)


@given(st.text(max_size=40))
def test_a_name_has_keys_that_are_not_empty(text: str):
    name = clean(text).text
    assume(name)
    assert all(keys_of(name))


@given(st.text(max_size=20), st.sampled_from([str.upper, str.lower, str.title]))
def test_case_does_not_part_names(text: str, cased):
    name = clean(text).text
    # Letters with a case mapping of their own, as in Turkish, are compared by their look.
    assume(unicodedata.normalize("NFC", cased(name)).casefold() == name.casefold())
    assert not name or are_alike(name, cased(name)) or len(clean(cased(name)).text) < len(name)


@given(st.text("Alice Bob", min_size=1, max_size=12), st.integers(0, 12), st.sampled_from(" .-_'·"))
def test_spaces_and_punctuation_do_not_part_names(text: str, place: int, sign: str):
    name = clean(text).text
    assume(name)
    assert are_alike(name, name[:place] + sign + name[place:])
