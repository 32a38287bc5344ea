"""Wraps sentences of any length into lines of a given width.

Owns: where lines are broken. Must not know: what is said, how wide a letter is.
"""


def in_lines(words: str, width: int, count: int) -> list[str]:
    """Wrap words into at most `count` lines of `width` characters; the rest is left out."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= width or not lines[-1]:
            lines[-1] = longer[:width]
        else:
            lines.append(word[:width])
    return lines[:count]
