"""Disguised names that speak for the server are found; people's real names are not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.names.clean import clean
from server.names.reserved import BOT_NAMES, bot_alike, is_reserved


@pytest.mark.parametrize(
    "name",
    [
        "Admin", "Admin 1", "admin1", "1Admin", "A D M I N", "[Admin]", "xX_Admin_Xx", "Ad min",
        "Adm1n", "@dmin", "Adm!n", "4dm1n99", "ADMlN", "Adrnin", "aclmin", "Admiin", "Àdmín",
        "аdmin", "Αdmin", "Ａdmin", "𝕬𝖉𝖒𝖎𝖓", "ⓐⓓⓜⓘⓝ", "ᴀᴅᴍɪɴ", "🅰dmin", "🇦🇩🇲🇮🇳", "A\u200bdmin",
        "Ad\u034fmin", "\u202eAdmin", "A\u0337d\u0337min", "ServerTeam", "Server Team", "adminteam",
        "TheAdmin", "SkirmishAdmin", "adminjohn", "Mod", "Mods", "[MOD] Joe", "M0d", "ModTeam",
        "modteam", "mod3rator", "Moderator!", "Administrators", "GM Bob", "[System]", "sysadmin",
        "S.k.i.r.m.i.s.h", "Skirmish Official", "Official", "Sеrvеr", "$erver", "Staff", "Owner",
        "The Owner", "0wner", "Root", "Support Team", "Bot", "Bot 3", "Bοt", "b0t",
        "АДМИН", "админ 1", "Модератор", "系统管理员", "管理员小王", "運営", "관리자", "مشرف",
        "ผู้ดูแลระบบ", "Yönetici", "Moderatör", "Διαχειριστής",
    ],
)  # fmt: skip
def test_the_reserved_names_are_recognised_in_disguise(name: str):
    assert is_reserved(clean(name).text)


@pytest.mark.parametrize(
    "name",
    [
        "Botanist", "Modest", "Module", "Badminton", "Serverus", "Rooty", "Anna Bott", "Owner Joe",
        "Host Busters", "Ghost", "Dev", "Adam", "Madman", "Domain", "Nomad", "Robot", "Talbot",
        "Systematic", "Stefan", "Staffan", "Commodore", "Modric", "Odin", "Modi", "Mo D", "Bo T",
        "Max Admiral", "Anne", "Жанна", "Амир", "小王", "The Team", "Root Beer", "Dina", "Minda",
    ],
)  # fmt: skip
def test_names_of_people_are_theirs(name: str):
    assert not is_reserved(name)


@given(
    st.sampled_from(["admin", "server", "moderator", "skirmish"]),
    st.lists(st.sampled_from(["", " ", ".", "\u200b", "\u0301", "-", "\u034f"]), min_size=9),
    st.sampled_from(["", "1", " 2", "!", " Team"]),
)
def test_a_reserved_word_is_found_however_it_is_spread(word: str, between: list, ending: str):
    spread = "".join(letter + between[i] for i, letter in enumerate(word[:9]))
    name = clean(spread + ending).text
    assert len(name) > 12 or is_reserved(name)


def test_bots_bear_names_that_are_names_and_differ():
    assert [clean(name).text for name in BOT_NAMES] == list(BOT_NAMES)
    assert len({bot_alike(name) for name in BOT_NAMES}) == len(BOT_NAMES)
    assert (bot_alike("АDA"), bot_alike("Adam")) == ("Ada", "")
