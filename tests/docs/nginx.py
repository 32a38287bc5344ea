"""Just enough of nginx's grammar to check a fragment; a real nginx checks them too."""

import re

_TOKEN = re.compile(r"\s+|#[^\n]*|('(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|[;{}]|[^\s;{}'\"]+)")


class NginxError(ValueError):
    """nginx would reject this."""


def directives(text: str) -> list[list[str]]:
    """Each directive with its words, including those in blocks. Raises `NginxError`."""
    found: list[list[str]] = []
    words: list[str] = []
    depth = at = 0
    while at < len(text):
        token = _TOKEN.match(text, at)
        if token is None:
            raise NginxError(f"what is this? {text[at : at + 20]!r}")
        at = token.end()
        word = token[1]
        if word is None:
            continue
        if word not in (";", "{", "}"):
            words.append(word)
            continue
        depth += {"{": 1, "}": -1}.get(word, 0)
        if depth < 0 or (word == "}") == bool(words):
            raise NginxError(f"{word} stands where it cannot")
        if words:
            found.append(words)
        words = []
    if words or depth:
        raise NginxError("it ends in the middle")
    return found
