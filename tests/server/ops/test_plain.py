"""Output of commands: foreign text cannot control a terminal."""

import io
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server import cli
from server.commands.errors import CommandError
from server.ops.plain import PlainStream, escaped, plain_output

NAMES = ["Ada", "Zoë", "สมชาย", "क्षत्रिय", "می\u200cخواهم", "👩\u200d🚀", "Ḿ"]


@given(st.text(st.characters(codec=None)))
def test_nothing_but_what_is_printed_and_our_layout_comes_through(text: str):
    shown = escaped(text, "\n\t")
    assert all(character.isprintable() or character in "\n\t" for character in shown)
    assert escaped(shown, "\n\t") == shown
    shown.encode()  # no lone surrogates either


@pytest.mark.parametrize("name", NAMES)
def test_names_of_living_scripts_are_shown_as_they_are(name: str):
    assert escaped(name) == name


def test_marks_of_direction_are_spelled_out():
    assert escaped("a\u202eb\u2066\x1b[2J\x9b") == r"a\u202eb\u2066\x1b[2J\x9b"


def test_a_stream_keeps_lines_and_all_else_of_the_stream():
    raw = io.StringIO()
    stream = PlainStream(raw)
    print("a\tb\x1b", "c\r", sep="\n", file=stream)
    stream.writelines(["d\x07\n"])
    assert raw.getvalue() == "a\tb\\x1b\nc\\r\nd\\x07\n"
    assert stream.isatty() is raw.isatty()


def test_every_command_writes_through_it(monkeypatch, capsys):
    class Module:
        HELP = "says what a peer said"

        @staticmethod
        def add_arguments(parser):
            pass

        @staticmethod
        def run(args):
            print("won by \x1b]0;owned\x07Eve")
            raise CommandError("closed: \u202eelpoep ynam oot")

    monkeypatch.setattr(cli, "find_commands", lambda: {"peer": "peer"})
    monkeypatch.setattr(cli.importlib, "import_module", lambda name: Module)
    assert cli.main(["peer"]) == 1
    out, err = capsys.readouterr()
    assert out == "won by \\x1b]0;owned\\x07Eve\n"
    assert err == "skirmish peer: closed: \\u202eelpoep ynam oot\n"
    assert cli.main(["\x1b[2J"]) == 2
    assert "\x1b" not in capsys.readouterr().err


def test_streams_are_given_back_unless_a_traceback_is_still_to_come():
    before = sys.stdout, sys.stderr
    with plain_output():
        assert isinstance(sys.stderr, PlainStream)
    assert (sys.stdout, sys.stderr) == before
    with pytest.raises(SystemExit), plain_output():
        raise SystemExit(2)
    assert (sys.stdout, sys.stderr) == before
    with pytest.raises(KeyError), plain_output():
        raise KeyError
    assert isinstance(sys.stderr, PlainStream)
    sys.stdout, sys.stderr = before
