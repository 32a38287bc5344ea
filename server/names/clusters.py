"""The clusters of a name: what people see as one letter, with all its marks and joiners.

Owns: which marks, joiners and selectors stay, and where a name may not be cut. Must not know:
lengths, names. The clusters are those of UAX 29 (15.1, with the conjuncts of GB9c).

- A mark stays on a letter of its own script, once; up to as many marks stay as languages stack.
- Joiners stay where they show: by RFC 5892, appendix A, between a letter and a virama (chapter 12
  of the Unicode standard), and between emoji. Variation selectors stay on what they change.
- All other default-ignorable characters are dropped, and all controls and directional formatting.
"""

import unicodedata

from attrs import define, field

from server.names.letters import Letters, is_virama, letters

# Nonspacing marks on one letter. CLDR's texts in 300 languages have at most three; zalgo has more.
MARKS_MAX = {"Thai": 2, "Laoo": 3}
MARKS_MAX_ELSEWHERE = 4
ACCENTS_MAX = 3  # marks of no script, including those composed into the letter
SPACING_MAX = 4  # spacing marks, as in Burmese
LINKS_MAX = 5  # consonants joined to one by viramas; Sanskrit has names with four
EMOJI_MAX = 4  # in one sequence: a family of four
JAMO_MAX = 3  # a syllable of leading consonant, vowel and final

ZWNJ, ZWJ = "\u200c", "\u200d"
EMOJI_STYLE, KEYCAP = "\ufe0f", "\u20e3"
KEYS = frozenset("0123456789#*")
FLAGS = frozenset(map(chr, range(0x1F1E6, 0x1F200)))  # two of these letters make a flag
SKINS = frozenset(map(chr, range(0x1F3FB, 0x1F400)))
HAN_STYLES = frozenset(map(chr, (*range(0xFE00, 0xFE03), *range(0xE0100, 0xE01F0))))
MONGOLIAN_STYLES = frozenset("\u180b\u180c\u180d\u180f")
VOWEL_SEPARATOR = "\u180e"
ENDS_OF_CLUSTERS = frozenset("\u0e33\u0eb3")  # sara am: a letter, and part of the one before
JAMO = frozenset(map(chr, range(0x1160, 0x1200)))  # vowels and finals
# Viramas that stack consonants or join them, so that a name may not be cut there.
LINKERS = frozenset(
    "\u094d\u09cd\u0acd\u0b4d\u0c4d\u0ccd\u0d4d\u1039\u17d2\u1a60\u1b44\ua9c0\uaaf6\U00011133"
)
UNSEEN = frozenset({"Cc", "Cf", "Cs"})  # invisible: dropping these is no loss
FILLERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u3164\uffa0")  # the same


@define
class Builder:
    """Reads a text in NFC; afterwards `clusters` has what may be kept of it."""

    text: str
    clusters: list[str] = field(factory=list)
    has_losses: bool = False
    _letters: Letters = field(factory=letters)
    _base: str = ""  # the character that marks would attach to; "" after a space
    _marks: list[str] = field(factory=list)  # of the base
    _is_linked: bool = False  # the next consonant belongs to this cluster
    _links: int = 0

    def __attrs_post_init__(self) -> None:
        """Read all of it."""
        for index, character in enumerate(self.text):
            self._read(character, self.text[index + 1 : index + 2])

    def _read(self, character: str, following: str) -> None:
        kind = self._letters.kind(character)
        if kind in ("M", "C"):
            self._take_mark(character, kind)
        elif kind:
            self._take_base(character, kind)
        elif unicodedata.category(character).startswith("Z"):
            if self.clusters and self.clusters[-1] != " ":
                self._begin(" ", "")
        elif self._is_welcome(character, following):
            self._append(character)
            self._is_linked = self._is_linked and character == ZWJ
        else:
            is_unseen = unicodedata.category(character) in UNSEEN
            styles = character in HAN_STYLES or character in MONGOLIAN_STYLES
            if not (is_unseen or styles or character in FILLERS or character == EMOJI_STYLE):
                self.has_losses = True

    def _take_mark(self, mark: str, kind: str) -> None:
        if not self._base or mark in self._marks or not self._has_room(mark, kind):
            self.has_losses = True
            return
        self._append(mark)
        self._marks.append(mark)
        self._is_linked = mark in LINKERS

    def _has_room(self, mark: str, kind: str) -> bool:
        base_kind, base_scripts = self._letters.find(self._base)
        scripts = self._letters.find(mark)[1]
        if base_kind != "L":
            return False
        is_accent = scripts == {"Zinh"}
        if not is_accent and not scripts & base_scripts:
            return False
        composed = unicodedata.normalize("NFD", self._base)[1:]
        same = sum(self._letters.kind(it) == kind for it in (*composed, *self._marks))
        if kind == "C":
            return same < SPACING_MAX
        if is_accent:
            return same < ACCENTS_MAX
        return same < min(MARKS_MAX.get(it, MARKS_MAX_ELSEWHERE) for it in scripts)

    def _take_base(self, character: str, kind: str) -> None:
        is_linked = self._is_linked and kind == "L" and self._is_akin(character)
        if is_linked and self._links >= LINKS_MAX:
            self.has_losses = True
            return
        if is_linked or self._belongs(character, kind):
            links = self._links + is_linked
            self._append(character)
            self._base, self._marks, self._is_linked, self._links = character, [], False, links
        else:
            self._begin(character, character)

    def _belongs(self, character: str, kind: str) -> bool:
        """Whether a character that could stand alone belongs to the cluster before it."""
        last = self._last()
        if not last:
            return False
        if kind == "E" and last == ZWJ:
            return self._letters.kind(self._base) == "E"
        if character in SKINS:
            return self._letters.kind(last) == "E" and last not in SKINS
        if character in FLAGS:
            return last in FLAGS and len(self.clusters[-1]) == 1
        if character in ENDS_OF_CLUSTERS:
            return self._is_akin(character) and self._base not in ENDS_OF_CLUSTERS
        if character in JAMO:
            return self._is_akin(character) and len(self.clusters[-1]) < JAMO_MAX
        return False

    def _is_welcome(self, character: str, following: str) -> bool:
        """Whether a character that is no letter, mark or space has a visible effect here."""
        last = self._last()
        if not last:
            return False
        kind, scripts = self._letters.find(last)
        match character:
            case "\u200c":  # ZWNJ
                return self._may_part(following)
            case "\u200d":  # ZWJ
                return self._may_join(following)
            case "\ufe0f":
                return kind == "E" or (last in KEYS and following == KEYCAP)
            case "\u20e3":
                return last == EMOJI_STYLE and self._base in KEYS
            case "\u180e":
                return "Mong" in scripts and bool(following) and self._is_akin(following)
        if character in HAN_STYLES:
            return kind == "L" and "Hani" in scripts
        return character in MONGOLIAN_STYLES and kind == "L" and "Mong" in scripts

    def _may_part(self, following: str) -> bool:
        """Whether a ZWNJ may stay: RFC 5892, appendix A.1, and only before a letter, because
        elsewhere it does not show.
        """
        if not following or self._letters.kind(following) != "L":
            return False
        if is_virama(self._last()):
            return self._is_akin(following)
        joins = self._letters.joins_on(self._base) and self._letters.joins_back(following)
        return self._last() != ZWNJ and joins

    def _may_join(self, following: str) -> bool:
        """Whether a ZWJ may stay: RFC 5892, appendix A.2; between a letter and a virama; between
        emoji.
        """
        if not following or not self._base:
            return False
        last, kind = self._last(), self._letters.kind(following)
        if is_virama(last):
            return kind == "L" and self._is_akin(following)
        if kind == "E" and self._letters.kind(self._base) == "E" and last != ZWJ:
            return sum(self._letters.kind(it) == "E" for it in self.clusters[-1]) < EMOJI_MAX
        return last == self._base and is_virama(following) and self._is_akin(following)

    def _is_akin(self, character: str) -> bool:
        """Whether a character shares a script with the base."""
        if not self._base:
            return False
        return bool(self._letters.find(self._base)[1] & self._letters.find(character)[1])

    def _last(self) -> str:
        return self.clusters[-1][-1] if self.clusters and self.clusters[-1] != " " else ""

    def _append(self, character: str) -> None:
        self.clusters[-1] += character

    def _begin(self, cluster: str, base: str) -> None:
        self.clusters.append(cluster)
        self._base, self._marks, self._is_linked, self._links = base, [], False, 0
