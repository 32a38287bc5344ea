"""Reading a journal file that may still be written, including bytes that are only in its tail.

Owns: joining a file and its mapped tail (`server.match.journal_file` writes both). Must not know:
records. Invariant: what is returned was written, in order, from the offset on; a tail that changes
while it is read is read again or left for the next call.
"""

from pathlib import Path

from server.match.journal_file import HEAD, TAIL_BYTES, tail_path
from server.private_files import reading

TRIES_MAX = 3


def read_growing(path: Path, offset: int, bytes_max: int) -> bytes:
    """Return what was written from `offset` on, at most `bytes_max`. Raises OSError."""
    with reading(path) as stream:
        stream.seek(offset)
        data = stream.read(bytes_max)
    at = offset + len(data)
    if len(data) < bytes_max:
        begins_at, held = _tail_of(path)
        if begins_at <= at:  # else the file has grown meanwhile: left for the next call
            data += held[at - begins_at :]
    return data[:bytes_max]


def _tail_of(path: Path) -> tuple[int, bytes]:
    """Return the tail's offset in the file and its bytes; 0 and b"" when there is no tail.

    The writer appends bytes first and updates the length after; when it restarts the tail, it sets
    the length to 0 first and then the offset. So if the offset is the same before and after a read,
    and the length has not shrunk, the bytes under that length are what was written.
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
        pass  # the writer has closed it: all of it is in the file
    return 0, b""
