"""Look-alike names: which names people mistake for one another.

Owns: the keys of a name. Must not know: who has it. Invariant: two names that share a key are
never in use at once, and both keys are built from visible characters, so that nothing invisible
makes two names different.

A name has two keys. The first is its text, ignoring case, spaces, punctuation and joiners. The
second is its look: UTS 39's skeleton, in lower case and without accents, because on a name tag
Ann, Аnn (with a Cyrillic A) and Ànn look the same. It takes two keys, because case and look are
independent: ΗΡΑ is the upper case of ηρα and looks like HPA, which ηρα does not.
"""

import unicodedata

from server.names.letters import letters

STRETCH = "\u0640"  # tatweel: makes an Arabic word longer without changing it
SAYS_NOTHING = frozenset(("", "P"))


def keys_of(name: str) -> tuple[str, str]:
    """Return a name's text key and its look key. Neither is empty for a cleaned name."""
    table = letters()
    kept = [it for it in name if table.kind(it) not in SAYS_NOTHING and it != STRETCH]
    said = unicodedata.normalize("NFC", "".join(kept).casefold())
    return said or name, look_of("".join(kept)) or said or name


def look_of(text: str) -> str:
    """Return what `text` looks like: UTS 39, section 4, with what `generate.py` adds."""
    return "".join(map(letters().look, unicodedata.normalize("NFD", text)))
