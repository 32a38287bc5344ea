"""Files that a command makes for a person: written beside, and renamed when they are whole.

Owns: how. Must not know: what is in them. Invariant: whatever stands at the path was written to its
end, before or now; what was begun and not ended is gone.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO


@contextmanager
def written_whole(path: Path) -> Iterator[BinaryIO]:
    """A stream to write `path` by; what is no regular file (a pipe, /dev/null) is written directly.

    Raises OSError, also from the end of the block.
    """
    target = path.resolve()  # a link stays, and what it names is replaced
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
