"""The compiled twins of the hottest functions, where they are installed: `native/`, docs/NATIVE.md.

Owns: whether they are used. Must not know: what any of them does. Invariant: each does what its
Python twin does, so nothing but the load differs.

They are used when they are installed. `SKIRMISH_NATIVE` in the environment says otherwise: 0 goes
without them, 1 refuses to go without them. What cannot be is an ImportError whose `name` is MODULE:
commands say it in a sentence.
"""

import os

# Raised here and in native/src/module.c with every function that comes, goes or changes.
INTERFACE = 5
MODULE = "skirmish_native"

_wanted = os.environ.get("SKIRMISH_NATIVE", "")
if _wanted not in ("", "0", "1"):
    raise ImportError(
        f"SKIRMISH_NATIVE = {_wanted!r}: allowed is 1 (only with the compiled extra),"
        " 0 (without it), or nothing (with it where it is installed)",
        name=MODULE,
    )
native = None
if _wanted != "0":
    try:
        import skirmish_native

        native = skirmish_native
    except ImportError as error:
        if _wanted == "1":
            raise ImportError(
                f"SKIRMISH_NATIVE is 1, but skirmish_native cannot be imported ({error}):"
                " install it (`make native`), or go without it (SKIRMISH_NATIVE=0)",
                name=MODULE,
            ) from error


def _refusal(what: str) -> ImportError:
    return ImportError(
        f"skirmish_native was built for another version of Skirmish ({what}): install it again"
        " (`make native`), or go without it (SKIRMISH_NATIVE=0)",
        name=MODULE,
    )


if native is not None and native.INTERFACE != INTERFACE:
    raise _refusal("interface")


def expect(**tables: int | str) -> None:
    """What the compiled code was written for has to be what is here. Raises ImportError."""
    for name, value in tables.items():
        if native is not None and native.ASSUMES.get(name) != value:
            raise _refusal(name)
