"""A journal file that somebody may be writing, read with the bytes that the file does not have yet.

Owns: putting a file and its mapped tail together (`server.match.journal_file` writes both). Must
not know: records. Invariant: what is returned was written, in order, from the offset on; a tail
that changes while it is read is read again or left for the next time.
"""

from pathlib import Path

from server.match.journal_file import HEAD, TAIL_BYTES, tail_path
from server.private_files import reading

TRIES_MAX = 3


def read_growing(path: Path, offset: int, bytes_max: int) -> bytes:
    """What was written from `offset` on, at most so much. Raises OSError."""
    with reading(path) as stream:
        stream.seek(offset)
        data = stream.read(bytes_max)
    at = offset + len(data)
    if len(data) < bytes_max:
        begins_at, held = _tail_of(path)
        if begins_at <= at:  # else the file has grown meanwhile: the next time
            data += held[at - begins_at :]
    return data[:bytes_max]


def _tail_of(path: Path) -> tuple[int, bytes]:
    """Where the tail begins in the file, and what it holds; nothing, where there is none.

    The writer appends, then says how much; when it starts again it says "nothing" first, and then
    from where. So bytes under a head that stands before and after are what was written.
    """
    try:
        with reading(tail_path(path), buffering=0) as stream:
            for _ in range(TRIES_MAX):
                data = stream.read(TAIL_BYTES)
                stream.seek(0)
                again = stream.read(HEAD.size)
                stream.seek(0)
                if len(data) < HEAD.size or len(again) < HEAD.size:
                    break
                begins_at, length = HEAD.unpack_from(data)
                begins_then, length_then = HEAD.unpack(again)
                if begins_at == begins_then and length <= length_then:
                    return begins_at, data[HEAD.size : HEAD.size + length]
    except OSError:
        pass  # whoever wrote has closed it: all of it is in the file
    return 0, b""
