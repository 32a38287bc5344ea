"""A file that is being written is read to its last byte, whether in the file or its tail."""

from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from server.match.journal_file import HEAD, begin_file, tail_path
from server.replays.growing import read_growing

pieces = st.lists(st.binary(min_size=1, max_size=3_000), min_size=1, max_size=12)


@given(pieces, st.data())
@settings(max_examples=30)
def test_all_that_was_written_is_read_from_any_place(
    tmp_path_factory, written: list[bytes], data: st.DataObject
):
    path = tmp_path_factory.mktemp("journal") / "a.skj"
    file = begin_file(path)
    whole = b""
    for piece in written:
        assert file.write(piece) == len(piece)
        whole += piece
        offset = data.draw(st.integers(0, len(whole)))
        assert read_growing(path, offset, 1 << 20) == whole[offset:]
        assert read_growing(path, offset, 100) == whole[offset : offset + 100]
    file.close()
    assert read_growing(path, 0, 1 << 20) == whole


def test_a_tail_without_sense_is_left_alone(tmp_path: Path):
    path = tmp_path / "a.skj"
    path.write_bytes(b"whole")
    for tail in (b"", b"short", HEAD.pack(10**9, 5) + b"later", HEAD.pack(0, 3) + b"who"):
        tail_path(path).write_bytes(tail)
        assert read_growing(path, 0, 100) == b"whole"
