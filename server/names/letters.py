"""Properties of the characters of names, as `generate.py` took them from Unicode.

Owns: the three tables and how they are looked up. Must not know: what a name may look like.
Invariant: a lookup gives the same answer under every Python, whatever its Unicode version.
"""

from bisect import bisect_right
from functools import cache
from importlib.resources import files
from unicodedata import combining

from attrs import field, frozen

NOTHING = ("", frozenset[str]())
FLAT = 0x3100  # all alphabets of the basic plane, without Han and Hangul
VIRAMA = 9  # the canonical combining class of marks that link two consonants


@frozen
class Letters:
    """The tables. `kind` and `scripts` of a character are those of `generate.Database.kind`."""

    _firsts: list[int] = field(repr=False)
    _ranges: list[tuple[int, str, frozenset[str]]] = field(repr=False)
    _joining: dict[str, str] = field(repr=False)
    _looks: dict[str, str] = field(repr=False)
    _common: dict[str, tuple[str, frozenset[str]]] = field(factory=dict, init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        """Expand the ranges into a dict for the first `FLAT` code points, which most names use."""
        for first, (last, kind, scripts) in zip(self._firsts, self._ranges, strict=True):
            codes = range(first, min(last + 1, FLAT))
            self._common.update(dict.fromkeys(map(chr, codes), (kind, scripts)))

    def find(self, character: str) -> tuple[str, frozenset[str]]:
        """Return the kind of a character, "" when names may not contain it, and its scripts."""
        found = self._common.get(character)
        if found is not None:
            return found
        code = ord(character)
        last, kind, scripts = self._ranges[bisect_right(self._firsts, code) - 1]
        return (kind, scripts) if code <= last else NOTHING

    def kind(self, character: str) -> str:
        """Return the kind of a character, "" when names may not contain it."""
        return self.find(character)[0]

    def joins_on(self, character: str) -> bool:
        """Whether a letter joins the one after it."""
        return self._joining.get(character, "") in ("D", "L")

    def joins_back(self, character: str) -> bool:
        """Whether a letter joins the one before it."""
        return self._joining.get(character, "") in ("D", "R")

    def look(self, character: str) -> str:
        """Return what a character looks like, in lower case and without accents."""
        found = self._looks.get(character)
        return character.casefold() if found is None else found


def is_virama(character: str) -> bool:
    """Whether a mark links two consonants."""
    return combining(character) == VIRAMA


@cache
def letters() -> Letters:
    """Read the tables, once."""
    ranges: list[tuple[int, int, str, frozenset[str]]] = [(0, -1, "", frozenset())]
    for cells in rows("letters.txt"):
        first, last = _codes(cells[0])
        ranges.append((first, last, cells[1], frozenset(cells[2:])))
    joining = {}
    for span, how in rows("joining.txt"):
        first, last = _codes(span)
        joining.update({chr(code): how for code in range(first, last + 1)})
    looks = {
        chr(int(code, 16)): "".join(chr(int(it, 16)) for it in look)
        for code, *look in rows("skeletons.txt")
    }
    return Letters([it[0] for it in ranges], [it[1:] for it in ranges], joining, looks)


def rows(name: str) -> list[list[str]]:
    """Return the lines of a file beside this one, split into words, without comments."""
    text = files(__package__).joinpath(name).read_text(encoding="utf-8")
    return [line.split() for line in text.splitlines() if not line.startswith("#")]


def _codes(span: str) -> tuple[int, int]:
    first, _, last = span.partition("..")
    return int(first, 16), int(last, 16)
