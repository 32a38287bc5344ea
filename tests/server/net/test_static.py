"""Static files: found by dict, typed, validated, compressed; and a help page without any."""

import gzip
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.net.static import load_static
from tests.server.net.heads import head_of

SCRIPT = b"console.log('skirmish');\n" * 200


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, body in {
        "index.html": b"<!doctype html>",
        "assets/main-DEADbe_f.js": SCRIPT,
        "assets/style-12345678.css": b"a{}",
        "picture.png": b"\x89PNG" + bytes(5_000),
        "site.webmanifest": b"{}",
        "code.wasm": b"\0asm",
        "font.woff2": b"wOF2",
        "icon.svg": b"<svg/>",
        "data.json": b"{}",
        "strange.xyz": b"?",
        ".secret": b"no",
        ".git/config": b"no",
    }.items():
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(body)
    return tmp_path


@pytest.mark.parametrize(
    ("path", "content_type"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/index.html", "text/html; charset=utf-8"),
        ("/assets/main-DEADbe_f.js", "text/javascript; charset=utf-8"),
        ("/assets/style-12345678.css", "text/css; charset=utf-8"),
        ("/picture.png", "image/png"),
        ("/site.webmanifest", "application/manifest+json"),
        ("/code.wasm", "application/wasm"),
        ("/font.woff2", "font/woff2"),
        ("/icon.svg", "image/svg+xml"),
        ("/data.json", "application/json"),
        ("/strange.xyz", "application/octet-stream"),
    ],
)
def test_every_file_has_its_type(folder: Path, path: str, content_type: str) -> None:
    file = load_static(folder).find(path)
    assert file is not None
    assert file.content_type == content_type


@given(st.text(max_size=30))
def test_no_path_leads_out_of_the_folder(path: str) -> None:
    files = load_static(Path(__file__).parent)  # holds no index.html: only the page that says so
    assert set(files.by_path) == {"/"}
    assert (files.find(path) is None) is (path != "/")


def test_hidden_files_are_not_served(folder: Path) -> None:
    assert not [path for path in load_static(folder).by_path if "/." in path]


def test_hashed_names_are_kept_for_ever_and_the_page_is_checked(folder: Path) -> None:
    files = load_static(folder).by_path
    assert "immutable" in files["/assets/main-DEADbe_f.js"].cache_control
    assert files["/"].cache_control == "no-cache"
    assert files["/picture.png"].cache_control == "no-cache"


def test_compressible_files_are_compressed_for_clients_that_accept_it(folder: Path) -> None:
    file = load_static(folder).by_path["/assets/main-DEADbe_f.js"]
    packed = file.answer(head_of(host="x", accept_encoding="br, gzip;q=0.5"))
    assert gzip.decompress(packed.body) == SCRIPT
    assert dict(packed.headers)["content-encoding"] == "gzip"
    for accepted in ("", "br", "gzip;q=0", "gzip; q=0.000"):
        plain = file.answer(head_of(host="x", accept_encoding=accepted))
        assert plain.body == SCRIPT
        assert dict(plain.headers)["vary"] == "accept-encoding"
    assert dict(plain.headers)["etag"] != dict(packed.headers)["etag"]


def test_pictures_are_left_alone(folder: Path) -> None:
    assert load_static(folder).by_path["/picture.png"].compressed is None


def test_a_known_tag_saves_the_body(folder: Path) -> None:
    file = load_static(folder).by_path["/"]
    tag = dict(file.answer(head_of(host="x")).headers)["etag"]
    for known in (tag, f'W/{tag}, "other"', "*"):
        again = file.answer(head_of(host="x", if_none_match=known))
        assert (again.status, again.body) == (304, b"")
        assert dict(again.headers)["etag"] == tag
    assert file.answer(head_of(host="x", if_none_match='"other"')).status == 200


def test_without_a_folder_the_page_says_how_to_build_it() -> None:
    page = load_static(None).by_path["/"]
    assert b"make play" in page.body


def test_a_folder_too_large_for_memory_is_refused(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("server.net.static.FOLDER_BYTES_MAX", 1_000)
    with pytest.raises(ValueError, match="more than 1000 bytes"):
        load_static(folder)
