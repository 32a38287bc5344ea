"""Files that a command makes for a person: written under another name, renamed when complete.

Owns: how. Must not know: what is in them. Invariant: the file at the path is complete, old or new;
an unfinished one is deleted.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def open_atomically(path: Path) -> Iterator[BinaryIO]:
    """Yield a stream that writes `path`; a pipe or /dev/null, say, is written directly.

    Raises OSError, also from the end of the block.
    """
    target = path.resolve()  # a link stays, and its target is replaced
    if target.exists() and not target.is_file():
        with target.open("wb") as stream:
            yield stream
        return
    beside = target.with_name(f".{target.name}.{os.getpid()}.new")
    try:
        with beside.open("xb") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
