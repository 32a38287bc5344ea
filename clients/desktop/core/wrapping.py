"""Sentences of any length on a glass of some width.

Owns: where lines are broken. Must not know: what is said, how wide a letter is.
"""


def in_lines(words: str, width: int, count: int) -> list[str]:
    """Words in at most `count` lines of so many characters; what is more is left out."""
    lines = [""]
    for word in words.split():
        longer = f"{lines[-1]} {word}".strip()
        if len(longer) <= width or not lines[-1]:
            lines[-1] = longer[:width]
        else:
            lines.append(word[:width])
    return lines[:count]
