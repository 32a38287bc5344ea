"""The tables agree with the Python that reads them; names do not depend on which one that is."""

import hashlib
import sys
import unicodedata
from importlib.resources import files

from server.names.clean import clean
from server.names.letters import letters
from server.names.lookalikes import keys_of

# Everything but Han and Hangul, which are all alike to the code.
CODES = [*range(0x3400), *range(0xA000, 0xAC00), *range(0xF900, 0x12000), *range(0x1D000, 0x1FC00)]
DIGEST = "86ebc5aea5f2a1911bababb55cb37379dfcc944070f0200257d887c63f04be02"


def test_the_kinds_are_those_of_the_characters():
    table = letters()
    fits = {
        "L": "L",
        "N": "N",
        "M": "Mn",
        "C": "Mc",
        "P": "PS",
        "S": "S",
        "E": "LPNS",
        "D": "LNSPM",
    }
    for code in CODES:
        kind = table.kind(chr(code))
        category = unicodedata.category(chr(code))
        assert not kind or category[0] in fits[kind] or category == fits[kind], hex(code)


def test_invisible_characters_are_in_no_table():
    for character in "\u034f\u115f\u1160\u17b4\u2800\u3164\uffa0\u200b\u200d\u202e\ufeff\U000e0041":
        assert letters().kind(character) == ""


def test_no_punctuation_counts_as_an_emoji():
    table = letters()
    emoji = [chr(code) for code in range(sys.maxunicode + 1) if table.kind(chr(code)) == "E"]
    assert len(emoji) > 1_000
    assert [it for it in emoji if unicodedata.category(it).startswith("P")] == []


def test_names_are_the_same_under_every_python():
    summary = hashlib.sha256()
    for code in CODES[::4]:
        name = clean(f"a{chr(code)}b").text
        summary.update(f"{code} {name} {keys_of(name)}\n".encode("utf-8", "surrogatepass"))
    assert summary.hexdigest() == DIGEST


def test_the_terms_of_unicode_are_beside_its_data():
    assert "Unicode, Inc." in files("server.names").joinpath("LICENSE.unicode").read_text()
