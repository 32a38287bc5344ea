"""Settings: sources in their order, all mistakes at once, and no unused setting."""

import ast
import re
import tomllib
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.config.options import Option, build, options
from server.config.reload import NEEDS_RESTART
from server.config.settings import Settings
from server.config.sources import Effective, SettingsError, as_toml, read_settings, value_of

OPTIONS = options(Settings)
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run in an empty folder, without a `skirmish.toml` of the user's."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def faults_of(flags=None, environment=None, config=None) -> list[str]:
    with pytest.raises(SettingsError) as caught:
        read_settings(flags, environment or {}, config)
    return [str(fault) for fault in caught.value.faults]


def test_nothing_given_is_the_defaults():
    assert read_settings({}, {}).settings == Settings()


def test_each_source_overrules_those_before_it(tmp_path: Path):
    config = tmp_path / "other.toml"
    config.write_text("[net]\nport = 1\n[lobby]\nbots = 1\n[match]\nbot_level = 1\n")
    environment = {"SKIRMISH_LOBBY__BOTS": "2", "SKIRMISH_MATCH__BOT_LEVEL": "2"}
    got = read_settings({"match.bot_level": "3"}, environment, config)
    assert (got.settings.net.port, got.settings.lobby.bots, got.settings.match.bot_level) == (
        1,
        2,
        3,
    )
    assert got.sources == {
        "net.port": f"file {config}",
        "lobby.bots": "environment SKIRMISH_LOBBY__BOTS",
        "match.bot_level": "flag --match.bot_level",
    }


def test_a_commands_own_defaults_give_way_to_every_source(tmp_path: Path):
    config = tmp_path / "skirmish.toml"
    config.write_text("grace_s = 7\n")
    defaults = {"grace_s": "0", "lobby.bot_fill_after_s": "0.5"}
    settings = read_settings({}, {}, defaults=defaults).settings
    assert (settings.grace_s, settings.lobby.bot_fill_after_s) == (7.0, 0.5)


def test_port_is_honoured_and_gives_way_to_our_own_variable():
    assert read_settings({}, {"PORT": "81"}).settings.net.port == 81
    both = {"PORT": "81", "SKIRMISH_NET__PORT": "82"}
    assert read_settings({}, both).settings.net.port == 82


def test_the_file_is_found_by_flag_by_environment_or_here(tmp_path: Path):
    for name, port in (("flag.toml", 1), ("environment.toml", 2), ("skirmish.toml", 3)):
        (tmp_path / name).write_text(f"[net]\nport = {port}\n")
    named = {"SKIRMISH_CONFIG": "environment.toml"}
    assert read_settings({}, named, Path("flag.toml")).settings.net.port == 1
    assert read_settings({}, named).settings.net.port == 2
    assert read_settings({}, {}).settings.net.port == 3


def test_every_mistake_is_reported_with_name_value_source_and_range(tmp_path: Path):
    config = tmp_path / "bad.toml"
    config.write_text('grace_s = "long"\nnonsense = 1\n[net]\nport = true\nhosst = "x"\n')
    faults = faults_of(
        {"log.format": "xml"}, {"SKIRMISH_LOBBY__BOTS": "17", "SKIRMISH_X": "1"}, config
    )
    assert len(faults) == 7
    assert f'grace_s = "long" (file {config}): allowed is a number from 0 to 3,600' in faults
    assert f"nonsense (file {config}): there is no such setting" in faults
    assert f"net.port = true (file {config}): allowed is a whole number from 0 to 65,535" in faults
    assert any(f.startswith("net.hosst") and "did you mean net.host?" in f for f in faults)
    assert any(
        'log.format = "xml" (flag --log.format): allowed is one of auto' in f for f in faults
    )
    assert any("lobby.bots" in f and "from 0 to 16" in f for f in faults)
    assert any(f.startswith("x (environment SKIRMISH_X)") for f in faults)


def test_a_file_that_is_missing_broken_or_huge_is_refused_in_words(tmp_path: Path):
    assert "cannot be read" in faults_of(config=tmp_path / "missing.toml")[0]
    (tmp_path / "broken.toml").write_text("[net\n")
    assert "is not TOML" in faults_of(config=tmp_path / "broken.toml")[0]
    (tmp_path / "latin.toml").write_bytes(b"# \xff\n")
    assert "is not TOML" in faults_of(config=tmp_path / "latin.toml")[0]
    (tmp_path / "huge.toml").write_text("# " + "x" * 70_000)
    assert "is larger than" in faults_of(config=tmp_path / "huge.toml")[0]


def test_a_group_is_not_a_value_and_a_value_is_not_a_group(tmp_path: Path):
    (tmp_path / "mixed.toml").write_text("net = 1\n[grace_s]\nx = 1\n")
    assert len(faults_of(config=tmp_path / "mixed.toml")) == 2


def test_a_secret_is_never_shown_right_or_wrong():
    good, bad = "s" * 32, "tooshort"
    assert good not in as_toml(read_settings({"secret": good}, {}))
    printed = as_toml(read_settings({"secret": good}, {}))
    assert "# secret is set but not printed" in printed
    assert "secret" not in tomllib.loads(printed)
    (fault,) = faults_of({"secret": bad})
    assert bad not in fault
    assert "32 to 1,024 bytes" in fault


@st.composite
def allowed_values(draw: st.DrawFn, option: Option):
    """A value that an operator may choose."""
    if option.choices:
        return draw(st.sampled_from(option.choices))
    if option.kind is int:
        return draw(st.integers(int(option.low), int(option.high)))
    if option.kind is float:
        return draw(st.floats(option.low, option.high))
    if option.kind is str and option.form is None:
        low, high = int(option.low or 0), min(int(option.high or 0), 60)
        text = draw(st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=low + 20))
        return text.encode()[:high].decode(errors="ignore").ljust(low, "x")
    return option.default


@pytest.mark.slow
@given(st.data())
def test_the_output_of_config_gives_the_same_settings(data: st.DataObject):
    chosen = {name: data.draw(allowed_values(option)) for name, option in OPTIONS.items()}
    lists = {"net.allowed_hosts": ("a.example", "::1"), "net.allowed_origins": ("https://a", "*")}
    settings = build(Settings, {**chosen, **lists})
    sources = {"net.port": f"file {data.draw(st.text())}"}
    with TemporaryDirectory() as folder:
        path = Path(folder) / "printed.toml"
        path.write_text(as_toml(Effective(settings, sources)), encoding="utf-8")
        read = read_settings({}, {"SKIRMISH_SECRET": settings.secret}, path).settings
    assert read == settings


def test_config_says_where_each_value_comes_from():
    assert "(flag --net.port)" in as_toml(read_settings({"net.port": "9"}, {}))


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbfgrace_s = 7\n",  # the byte order mark of Windows' editors
        b"grace_s = 7\r\n",
    ],
)
def test_a_file_of_another_system_is_read(tmp_path: Path, content: bytes):
    (tmp_path / "skirmish.toml").write_bytes(content)
    assert read_settings({}, {}).settings.grace_s == 7


@pytest.mark.parametrize(
    "content", ["grace_s = 7".encode("utf-16"), b"a = " + b"[" * 60_000, b"a" * 60_000]
)
def test_a_file_that_is_no_toml_at_all_is_refused_in_words(tmp_path: Path, content: bytes):
    (tmp_path / "skirmish.toml").write_bytes(content)
    assert "is not TOML" in faults_of()[0]


SERVICE = {
    "SKIRMISH_SERVICE_HOST": "10.0.0.11",
    "SKIRMISH_SERVICE_PORT": "8000",
    "SKIRMISH_SERVICE_PORT_HTTP": "8000",
    "SKIRMISH_PORT": "tcp://10.0.0.11:8000",
    "SKIRMISH_PORT_8000_TCP": "tcp://10.0.0.11:8000",
    "SKIRMISH_PORT_8000_TCP_PROTO": "tcp",
    "SKIRMISH_PORT_8000_TCP_PORT": "8000",
    "SKIRMISH_PORT_8000_TCP_ADDR": "10.0.0.11",
    "SKIRMISH_PORT_9000_UDP": "udp://[fd00::b]:9000",
}


@pytest.mark.parametrize("service", ["SKIRMISH", "SKIRMISH_WEB", "SKIRMISH_NET__WEB", "SKIRMISH_2"])
def test_variables_that_kubernetes_sets_are_ignored(service: str):
    environment = {name.replace("SKIRMISH", service): value for name, value in SERVICE.items()}
    environment["SKIRMISH_NET__PORT"] = "81"
    effective = read_settings({}, environment)
    assert effective.settings.net.port == 81
    assert set(effective.passed_over) == environment.keys() - {"SKIRMISH_NET__PORT"}


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SKIRMISH_PORT", "8000"),  # meant as net.port
        ("SKIRMISH_NET_PORT", "8000"),
        ("SKIRMISH_SERVICE_HOST", "play.example"),
        ("SKIRMISH_SERVICE_PORT", "http"),
        ("SKIRMISH_PORT_8000_TCP_PROTO", "8000"),
        ("SKIRMISH_PORTS", "tcp://10.0.0.11:8000"),
        ("SKIRMISH_X", "tcp://10.0.0.11:8000"),
        ("SKIRMISH_NET__PORT", "tcp://10.0.0.11:8000"),  # a setting, whoever set it
    ],
)
def test_other_unknown_variables_are_still_refused(variable: str, value: str):
    (fault,) = faults_of({}, {variable: value})
    assert f"environment {variable}" in fault


@pytest.mark.parametrize(
    ("name", "text", "values"),
    [
        (
            "net.allowed_origins",
            "HTTPS://Play.example:443/, https://play.example,",
            ("https://play.example",),
        ),
        ("net.allowed_hosts", "Play.Example., [::1],::1", ("play.example", "::1")),
        ("net.trusted_proxies", " 10.0.0.0/8 ,::ffff:192.0.2.1", ("10.0.0.0/8", "192.0.2.1/32")),
        ("net.unlimited_addresses", "", ()),
    ],
)
def test_lists_are_brought_into_the_form_that_matches(name: str, text: str, values: tuple):
    assert value_of(read_settings({name: text}, {}).settings, name) == values


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("net.allowed_origins", "play.example", '"play.example": an origin begins with http://'),
        ("net.allowed_origins", "https://a,https://b/c", '"https://b/c": an origin ends with'),
        ("net.allowed_hosts", "play.example:8000", "write the host without a port"),
        ("net.trusted_proxies", "10.0.0.5/8", "write the network 10.0.0.0/8"),
        ("net.host", "http://0.0.0.0", "write the host without a scheme"),
        ("store.data_dir", "a\0b", "it has a control character"),
        ("store.data_dir", "a\udcff", "it is not UTF-8"),
        ("secret", "s" * 32 + "\udcff", "it is not UTF-8"),
        ("grace_s", "nan", "allowed is a number"),
        ("grace_s", "-inf", "allowed is a number"),
        ("net.port", "1e3", "allowed is a whole number"),
    ],
)
def test_entries_that_can_never_match_are_refused_at_the_start(name: str, text: str, words: str):
    (fault,) = faults_of({name: text})
    assert words in fault


def test_entries_of_lists_in_a_file_are_held_to_the_same(tmp_path: Path):
    (tmp_path / "skirmish.toml").write_text(
        '[net]\nallowed_origins = ["https://a/", ""]\ntrusted_proxies = [1]\n'
    )
    first, second = faults_of()
    assert '"": an origin begins with' in first
    assert "allowed is a list of texts" in second


@given(st.sampled_from(list(OPTIONS.values())), st.text())
def test_no_text_is_accepted_that_lies_outside_the_limits(option: Option, text: str):
    value = option.parse(text)
    if value is not None:
        assert option.check(value) == value
        assert type(value) is option.kind


@given(st.sampled_from(list(OPTIONS.values())), st.data())
def test_any_value_inside_the_limits_is_accepted(option: Option, data: st.DataObject):
    if option.kind is int:
        value = data.draw(st.integers(int(option.low), int(option.high)))
    elif option.kind is float:
        value = data.draw(st.floats(option.low, option.high))
    elif option.choices:
        value = data.draw(st.sampled_from(option.choices))
    else:
        value = option.default
    assert option.check(value) == value
    assert value_of(build(Settings, {option.name: value}), option.name) == value


@given(st.sampled_from(list(OPTIONS.values())), st.data())
def test_no_number_beyond_the_limits_is_accepted(option: Option, data: st.DataObject):
    if option.kind in (int, float):
        beyond = st.one_of(
            st.integers(max_value=int(option.low) - 1), st.integers(min_value=int(option.high) + 1)
        )
        assert option.check(data.draw(beyond)) is None
    assert option.check(None) is None
    assert option.kind is bool or option.check(True) is None
    assert option.check(float("nan")) is None


def test_every_option_says_what_it_is_for_and_its_numbers_have_limits():
    for option in OPTIONS.values():
        assert option.help, option.name
        assert option.check(option.default) == option.default, option.name
        if option.kind in (int, float):
            assert option.low is not None, option.name
            assert option.high is not None, option.name


def test_every_setting_is_read_somewhere():
    read: set[str] = set()
    for path in (ROOT / "server").rglob("*.py"):
        if path.name != "settings.py":
            tree = ast.parse(path.read_text())
            read |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    unread = [name for name in OPTIONS if name.rpartition(".")[2] not in read]
    assert not unread, f"nobody reads {unread}: use them or take them out"


def test_the_operations_page_lists_every_setting_and_no_other():
    page = (ROOT / "docs" / "OPERATIONS.md").read_text()
    table = page.partition("<!-- settings -->")[2].partition("<!-- end of settings -->")[0]
    assert re.findall(r"^\| `([a-z0-9_.]+)`", table, re.MULTILINE) == list(OPTIONS)


def test_the_operations_page_says_of_each_setting_whether_a_hangup_applies_it():
    page = (ROOT / "docs" / "OPERATIONS.md").read_text()
    table = page.partition("<!-- settings -->")[2].partition("<!-- end of settings -->")[0]
    told = dict(re.findall(r"^\| `([a-z0-9_.]+)` .*\| ([a-z ]+) \|$", table, re.MULTILINE))
    assert told == {name: "restart" if name in NEEDS_RESTART else "in force" for name in OPTIONS}


def test_the_printed_settings_are_toml():
    assert tomllib.loads(as_toml(read_settings({}, {})))["net"]["port"] == Settings().net.port


def test_every_list_says_what_an_entry_has_to_be_like():
    lists = [option for option in OPTIONS.values() if option.kind is tuple]
    assert [option.name for option in lists if option.form is None] == []
    assert [option.name for option in lists if option.check(("no such thing!",))] == []


@pytest.mark.parametrize(("mode", "passes"), [(0o600, True), (0o640, False), (0o644, False)])
def test_a_secret_in_a_file_that_others_can_read_is_refused(
    tmp_path: Path, mode: int, passes: bool
):
    path = tmp_path / "skirmish.toml"
    path.write_text(f'secret = "{"s" * 32}"\ngrace_s = 7\n')
    path.chmod(mode)
    if passes:
        assert read_settings({}, {}).settings.secret == "s" * 32
        return
    (fault,) = faults_of()
    assert fault.startswith("secret (file skirmish.toml): the file can be read or changed by ")
    assert "s" * 32 not in fault
    path.write_text('secret = ""\n')  # it contains no secret
    assert read_settings({}, {}).settings.secret == ""


def test_a_secret_may_end_as_the_file_did_that_it_was_made_from():
    environment = {"SKIRMISH_SECRET": "s" * 32 + "\r\n"}
    assert read_settings({}, environment).settings.secret == "s" * 32
