"""Writes `letters.txt` and `skeletons.txt` from the files of the Unicode Character Database.

    python -m server.names.generate /usr/share/unicode confusables.txt

The first argument is a folder laid out as in UCD.zip (Debian's package `unicode-data` installs
one), with `emoji/emoji-data.txt`; the second is UTS 39's table of confusables. It also writes
`joining.txt`. Owns: which characters a name may contain. Must not know: what is done with them.
Invariant: only characters known to the oldest supported Python are allowed, so that names do not
depend on the Python.
"""

import argparse
import re
import sys
import unicodedata
from collections.abc import Iterator
from pathlib import Path

from attrs import define, field

HERE = Path(__file__).parent
AGE_MAX = (14, 0)  # Unicode of Python 3.11
AGE_MAX_OF_ALIKE = (13, 0)  # for scripts with look-alikes: the version of the confusables
ALIKE = frozenset({"Latn", "Grek", "Cyrl"})
SMALL = frozenset({"Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "Sk", "Zs"})
ANY = frozenset({"Zyyy", "Zinh"})

# Scripts in which people write their names: UAX 31, tables 5 (recommended) and 7 (limited use), and
# Mongolian. The others are historic or for specialists.
SCRIPTS = """
    Zyyy Zinh Arab Armn Beng Bopo Cyrl Deva Ethi Geor Grek Gujr Guru Hang Hani Hebr Hira Kana Khmr
    Knda Laoo Latn Mlym Mymr Orya Sinh Taml Telu Thaa Thai Tibt
    Adlm Bali Bamu Batk Cakm Cans Cham Cher Hmnp Java Kali Lana Lepc Limb Lisu Mand Mong Mtei Newa
    Nkoo Olck Osge Plrd Rohg Saur Sund Sylo Syrc Tale Talu Tavt Tfng Vaii Wcho Yiii
"""
LIVING = frozenset(SCRIPTS.split())

# Symbols and punctuation that belong to no script. Left out: characters that draw boxes and bars,
# that are blank, or that are as wide as a whole name.
SYMBOLS = (
    (0x0021, 0x007E), (0x00A1, 0x00BF), (0x00D7, 0x00D7), (0x00F7, 0x00F7), (0x02B9, 0x02DF),
    (0x2010, 0x2027), (0x2030, 0x205E), (0x20A0, 0x20C0), (0x2190, 0x23FF), (0x25A0, 0x27BF),
    (0x2900, 0x297F), (0x2B00, 0x2BFF), (0x3001, 0x303D), (0x30FB, 0x30FC),
)  # fmt: skip
WIDE = frozenset({*range(0xA9C1, 0xA9CE)})  # Javanese ornaments

# Combining marks of no particular script that languages use, without those that strike a letter
# out, tie two together or put a letter above another.
COMMON_MARKS = frozenset(
    {*range(0x0300, 0x0334), *range(0x0339, 0x0346), 0x0358, 0x0953, 0x0954, *range(0x1DC4, 0x1DCA)}
)

# Scripts in which some letters have a compatibility decomposition and stay whole all the same: Thai
# sara am, the Armenian ligature ech-yiwn, Korean letters on their own.
WHOLE = frozenset({"Thai", "Laoo", "Armn", "Hang", "Tibt", "Tfng", "Geor"})
FORMS = (0xFB00, 0xFFFF)  # presentation forms never stay whole

# Letters that UTS 39 distinguishes and that look the same on a name tag.
ALIKE_TOO = {"l": "i", "d": "ci", "w": "vv"}

# Letters of the Latin alphabet with a stroke or a hook, in small capitals, upside down, in boxes.
LATIN = re.compile(
    r"(?:LATIN (?:SMALL |CAPITAL )?LETTER (?:SMALL CAPITAL |TURNED |REVERSED |INVERTED )*"
    r"|NEGATIVE SQUARED LATIN CAPITAL LETTER |REGIONAL INDICATOR SYMBOL LETTER )"
    r"([A-Z])(?: WITH .*)?"
)

EVEN_SO = {"\u028d": "m"}  # turned w: UTS 39's look for Cyrillic and small-capital m


def ranges(path: Path, part: int = 1) -> Iterator[tuple[int, int, str]]:
    """Yield the lines of a file of the UCD: first, last, value."""
    for line in path.read_text(encoding="utf-8-sig").splitlines():
        cells = [cell.strip() for cell in line.partition("#")[0].split(";")]
        if len(cells) > part:
            first, _, last = cells[0].partition("..")
            yield int(first, 16), int(last or first, 16), cells[part]


def table(path: Path) -> dict[int, str]:
    """Return the value of each character in a file of the UCD."""
    return {code: value for low, high, value in ranges(path) for code in range(low, high + 1)}


def members(path: Path, prop: str) -> set[int]:
    """Return the characters that have a property."""
    found = (range(low, high + 1) for low, high, value in ranges(path) if value == prop)
    return {code for codes in found for code in codes}


@define
class Database:
    """The parts of the UCD that are needed here."""

    folder: Path
    category: dict[int, str] = field(init=False)
    scripts: dict[int, frozenset[str]] = field(init=False)
    age: dict[int, tuple[int, ...]] = field(init=False)
    never: set[int] = field(init=False)
    emoji: set[int] = field(init=False)

    def __attrs_post_init__(self) -> None:
        """Read the files."""
        folder = self.folder
        self.category = table(folder / "extracted/DerivedGeneralCategory.txt")
        aliases = folder / "PropertyValueAliases.txt"
        short = {}
        for line in aliases.read_text(encoding="utf-8").splitlines():
            if line.startswith("sc ;"):
                _, abbreviation, name, *_ = (cell.strip() for cell in line.split(";"))
                short[name] = abbreviation
        own = table(folder / "Scripts.txt")
        self.scripts = {code: frozenset({short[name]}) for code, name in own.items()}
        more = table(folder / "ScriptExtensions.txt")
        self.scripts |= {code: frozenset(names.split()) for code, names in more.items()}
        ages = table(folder / "DerivedAge.txt")
        self.age = {code: tuple(map(int, age.split("."))) for code, age in ages.items()}
        core = folder / "DerivedCoreProperties.txt"
        self.never = members(core, "Default_Ignorable_Code_Point")
        self.never |= members(folder / "PropList.txt", "Deprecated")
        emoji = folder / "emoji/emoji-data.txt"
        self.emoji = members(emoji, "Emoji")

    def kind(self, code: int) -> str:
        """Return L letter, N number, P punctuation, S symbol, E emoji, M nonspacing mark, C spacing
        mark, D replaced by its decomposition; "" for what names may not contain.
        """
        category, scripts = self.category.get(code, "Cn"), self.scripts.get(code, frozenset())
        age = self.age.get(code, (99,))
        if age > AGE_MAX or code in self.never or code in WIDE or category[0] in "CZ":
            return ""
        if scripts & ALIKE and age > AGE_MAX_OF_ALIKE:
            return ""
        if code in self.emoji and code > 0xFF and category[0] != "P":
            return "E"
        if self.decomposes(code):
            return "D"
        if not scripts & LIVING or category == "Me":
            return ""
        if category[0] == "M":
            fits = scripts != {"Zinh"} or code in COMMON_MARKS
            return ("C" if category == "Mc" else "M") if fits else ""
        if category == "Sk":
            category = "Po"
        is_symbol = category[0] in "PS" or category == "Lm"
        if is_symbol and scripts <= ANY:
            fits = any(low <= code <= high for low, high in SYMBOLS)
            return ("L" if category == "Lm" else category[0]) if fits else ""
        return "" if category == "So" else category[0]

    def decomposes(self, code: int) -> bool:
        """Whether a name has the decomposition of this character in its place."""
        character = chr(code)
        if unicodedata.normalize("NFC", character) != character:
            return True  # NFC never contains it
        if not unicodedata.decomposition(character).startswith("<"):
            return False
        is_letter = self.category[code][0] == "L" and not FORMS[0] <= code <= FORMS[1]
        return not (is_letter and self.scripts[code] & WHOLE)

    def letters(self) -> Iterator[str]:
        """Yield the lines of `letters.txt`."""
        known = [(code, self.kind(code)) for code in sorted(self.category)]
        start, before = -1, (-2, "")
        for code, kind in [*known, (-2, "")]:
            value = (
                f"{kind} {' '.join(sorted(self.scripts.get(code, ANY) & LIVING))}" if kind else ""
            )
            if value != before[1] or code != before[0] + 1:
                if before[1]:
                    yield f"{start:04X}..{before[0]:04X} {before[1]}"
                start = code
            before = (code, value)

    def joining(self) -> Iterator[str]:
        """Yield the lines of `joining.txt`: letters that join on both sides (D), right or left."""
        path = self.folder / "extracted/DerivedJoiningType.txt"
        for low, high, value in sorted(ranges(path)):
            if value in "DRL" and self.kind(low) not in ("", "D"):
                yield f"{low:04X}..{high:04X} {value}"


def skeletons(database: Database, confusables: Path) -> Iterator[str]:
    """Yield the lines of `skeletons.txt`: characters whose look is not just their lower case."""
    looks: dict[str, str] = {}
    for line in confusables.read_text(encoding="utf-8-sig").splitlines():
        cells = [cell.strip() for cell in line.partition("#")[0].split(";")]
        if len(cells) >= 2:
            looks[chr(int(cells[0], 16))] = "".join(chr(int(it, 16)) for it in cells[1].split())
    for code in database.category:
        latin = LATIN.fullmatch(unicodedata.name(chr(code), ""))
        if latin and not chr(code).isascii():
            looks[chr(code)] = latin[1].lower()
    looks |= EVEN_SO
    letters = (chr(code) for code in database.category if database.kind(code) not in ("", "D"))
    wanted = {part for letter in letters for part in unicodedata.normalize("NFD", letter)}
    for character in sorted(wanted):
        folded = visible(fold(character, looks, database))
        if folded != character.casefold():
            yield f"{ord(character):04X} {' '.join(f'{ord(it):04X}' for it in folded)}"


def fold(text: str, looks: dict[str, str], database: Database) -> str:
    """Return the look of `text`, in lower case and without accents; at most 8 rounds, until nothing
    changes.
    """
    for _ in range(8):
        parts = unicodedata.normalize("NFD", "".join(looks.get(it, it) for it in text))
        kept = [it for it in parts if not is_accent(it, database)]
        lower = "".join(kept).casefold()
        folded = "".join(ALIKE_TOO.get(it, it) for it in lower)
        if folded == text:
            break
        text = folded
    return text


def visible(text: str) -> str:
    """Return `text` without punctuation, which is too small to tell names apart."""
    return "".join(it for it in text if unicodedata.category(it) not in SMALL)


def is_accent(character: str, database: Database) -> bool:
    """Whether a mark belongs to no script: an accent, which a name tag hardly shows."""
    code = ord(character)
    return unicodedata.combining(character) > 0 and database.scripts.get(code) == frozenset(
        {"Zinh"}
    )


HEAD = """\
# {what}
# Written by server/names/generate.py from data files of the Unicode Character Database, 15.0, and
# of UTS 39, 13.0, changed in form and cut to what names need. Copyright (C) 1991-2022 Unicode,
# Inc. All rights reserved. LICENSE.unicode beside this file has the terms.
"""


def write(name: str, what: str, lines: Iterator[str]) -> None:
    """Write one of the files."""
    text = HEAD.format(what=what) + "\n".join(lines) + "\n"
    (HERE / name).write_text(text, encoding="ascii", newline="\n")
    print(f"{name}: {len(text)} bytes", file=sys.stderr)


def main() -> None:
    """Write all three files."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("ucd", type=Path)
    parser.add_argument("confusables", type=Path)
    arguments = parser.parse_args()
    database = Database(arguments.ucd)
    write("letters.txt", "Characters allowed in names: range, kind, scripts.", database.letters())
    write("joining.txt", "How letters join their neighbours.", database.joining())
    what = "What characters look like, where lower case is not enough."
    write("skeletons.txt", what, skeletons(database, arguments.confusables))


if __name__ == "__main__":
    main()
