"""Typed text becomes a name: living scripts whole, and one line of a screen at most."""

import unicodedata

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from server.names.clean import CLUSTERS_MAX, NAME_MAX, clean
from tests.server.names.scripts import BLOCKS, REAL, words


@pytest.mark.parametrize("script", BLOCKS)
@given(st.data())
def test_a_word_of_a_living_script_stays_whole(script: str, data: st.DataObject):
    word = data.draw(words(BLOCKS[script]))
    assume(sum(unicodedata.combining(it) == 9 for it in word) < 4)
    cleaned = clean(word)
    assert ascii(cleaned.text) == ascii(word)
    assert not cleaned.has_losses


@pytest.mark.parametrize("name", REAL)
def test_a_real_name_stays_whole(name: str):
    assert ascii(clean(name).text) == ascii(unicodedata.normalize("NFC", name))


@given(st.text(max_size=200))
@example("e\u0301" * 40)
@example("\u202eevil\u202c")
@example("a\u0338\u0301")
@example("\U0001f3fb")
@example("a \U0001f3fb")
@example("\u1100\u1161\u11a8" * 20)
def test_cleaning_twice_changes_nothing(text: str):
    once = clean(text)
    twice = clean(once.text)
    assert twice.text == once.text
    assert not once.text or not (twice.was_shortened or twice.has_losses)


@given(st.text(max_size=200))
def test_a_cleaned_name_is_short_in_nfc_and_has_no_double_spaces(text: str):
    name = clean(text).text
    assert len(name) <= NAME_MAX
    assert unicodedata.normalize("NFC", name) == name
    assert name == " ".join(name.split())


INVISIBLE = st.characters(categories=("Cc", "Cf", "Zl", "Zp", "Co", "Cs")) | st.sampled_from(
    "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe00\ufe0f\u180b\u180e\U000e0100\U000e0041"
)


@given(st.lists(INVISIBLE, max_size=40).map("".join))
def test_invisible_text_is_no_name(text: str):
    assert clean(text).text == ""


@given(st.text(st.characters(categories=("Mn", "Mc", "Me", "Po", "Pd", "Zs")), max_size=40))
@example("\u203c")  # these three are emoji, too
@example("\u2049")
@example("\u3030")
def test_marks_and_punctuation_alone_are_no_name(text: str):
    assert clean(text).text == ""


@given(st.text("Alice ", min_size=1, max_size=16), st.lists(INVISIBLE, min_size=1, max_size=9))
def test_invisible_characters_change_no_name(name: str, hidden: list[str]):
    assume(clean(name).text)
    spread = "".join(letter + hidden[i % len(hidden)] for i, letter in enumerate(name))
    assume(not any(unicodedata.category(it).startswith("Z") for it in hidden))
    assert clean(spread).text == clean(name).text


@given(st.text(st.characters(categories=("Mn", "Me")), min_size=5, max_size=60))
@example("\u0e49\u0e4a\u0e4b\u0e48\u0e4c")
@example("\u0301" * 30)
@example("\u0336\u0337\u0338\u20dd\u20e0")
def test_no_letter_carries_a_tower_of_marks(marks: str):
    for letter in "Aกक\u05d0\u0627က":
        name = unicodedata.normalize("NFD", clean(letter + marks + "b").text)
        assert sum(unicodedata.category(it) in ("Mn", "Me") for it in name) <= 4
        assert name.endswith("b")


def test_accents_are_at_most_three_and_thai_marks_at_most_two():
    assert clean("e\u0301\u0302\u0303\u0304\u0306").text == "e\u0301\u0302\u0303".replace(
        "e\u0301", "\u00e9"
    )
    assert clean("ก\u0e34\u0e48\u0e49\u0e4a").text == "ก\u0e34\u0e48"


@pytest.mark.parametrize("mark", ["\u0e49", "\u094d", "\u093e", "\u05b8", "\u064e", "\u302a"])
def test_a_mark_stays_on_letters_of_its_own_script_alone(mark: str):
    assert clean(f"A{mark}b").text == "Ab"
    assert clean(f"{mark}Ab").text == "Ab"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Ann   Lee ", "Ann Lee"),
        ("Ａｎｎ", "Ann"),
        ("𝕬𝓷ⓝ", "Ann"),
        ("ﬁn", "fin"),
        ("ｱﾝ", "アン"),
        ("a\nb\tc\x00", "abc"),
        ("\u202eAnn", "Ann"),
        ("a" * 40, "a" * 16),
        ("Zoë", "Zoë"),
        ("李小龍", "李小龍"),
        ("■█▓", "■"),
        ("﷽", ""),
        ("𒐫", ""),
        ("⸻", ""),
    ],
)
def test_examples(typed: str, kept: str):
    assert clean(typed).text == kept


@pytest.mark.parametrize(
    "emoji",
    ["😀", "👨‍👩‍👧‍👦", "👍🏽", "🇫🇷", "1️⃣", "❤️", "👩🏽‍🚀", "🏳️‍🌈"],
)
def test_emoji_stay_as_they_are(emoji: str):
    assert clean(f"{emoji} Ann").text == f"{emoji} Ann"


@pytest.mark.parametrize("typed", ["A\ufe0fnn", "1\ufe0f", "A\u20e3nn", "😀\u200dA", "A\u200d😀"])
def test_emoji_parts_are_kept_only_in_emoji(typed: str):
    assert not set(clean(typed).text) & set("\ufe0f\u200d\u20e3")


@pytest.mark.parametrize("typed", ["Al\u200cice", "Al\u200dice", "ر\u200cی", "क\u200cख", "क\u200d"])
def test_joiners_stay_only_where_they_show(typed: str):
    assert not set(clean(typed).text) & set("\u200c\u200d")


def test_a_name_is_never_cut_inside_a_cluster():
    for cluster in ("क्षि", "👨‍👩‍👧‍👦", "🇫🇷", "น้ำ", "མྦྷུ", "e\u0323\u0301"):
        name = clean(cluster * 20).text
        whole = unicodedata.normalize("NFC", cluster)
        assert name == whole * (len(name) // len(whole))
        assert clean(cluster * 20).was_shortened
        assert len(name) + len(whole) > NAME_MAX or len(name) // len(whole) == CLUSTERS_MAX


def test_lost_characters_are_reported_and_invisible_ones_are_not():
    assert clean("Z\u0336oe").has_losses
    assert clean("Zo█e").has_losses
    assert not clean("Z\u200boe\u202e").has_losses
    assert not clean("Ａｎｎ").has_losses
