"""A page that cannot connect says what is wrong, and continues once it is fixed."""

import pytest
from attrs import evolve
from playwright.sync_api import Page, expect

from tests.browser.proxy import Setup, proxied

pytestmark = [pytest.mark.browser, pytest.mark.slow]

RIGHT = Setup(path="/game/")
# The fault, the page's words, and its advice to the operator.
WRONG = {
    "the upgrade is taken away": (
        evolve(RIGHT, passes_upgrades=False),
        "Something between this page and the server blocks WebSockets.",
        "proxy_set_header Upgrade $http_upgrade;",
    ),
    "the host is another one": (
        evolve(RIGHT, keeps_host=False),
        "The server refuses connections from this page's address.",
        "proxy_set_header Host $http_host;",
    ),
    "only the page and its files are passed on": (
        evolve(RIGHT, passes=r"/(assets/.*|favicon\.svg|skirmish\.webmanifest)?"),
        "A proxy sends this page's requests to the wrong place.",
        "location /game/ {",
    ),
    "sockets are not passed on": (
        evolve(RIGHT, passes=r"/(healthz|assets/.*|favicon\.svg|skirmish\.webmanifest)?"),
        "A proxy sends this page's requests to the wrong place.",
        "location /game/ {",
    ),
}


def opened(make_page, url: str) -> Page:
    page = make_page()
    page.goto(url + "/")
    return page


@pytest.mark.parametrize("name", WRONG)
def test_a_proxy_set_up_wrongly_is_named_and_put_right_the_page_plays(make_page, server_url, name):
    setup, sentence, line = WRONG[name]
    with proxied(server_url, setup) as proxy:
        page = opened(make_page, proxy.url)
        trouble = page.locator(".start .trouble")
        expect(trouble.locator("b")).to_have_text(sentence, timeout=20_000)
        trouble.locator("summary").click()
        expect(trouble.locator("code")).to_contain_text(line)
        expect(page.locator("button.play:visible", has_text="Try now")).to_be_enabled()

        proxy.setup = RIGHT
        expect(trouble).to_be_hidden(timeout=20_000)
        expect(page.locator("button.play:visible")).to_contain_text("Deathmatch")


def test_a_proxy_before_a_server_that_is_gone_says_so(make_page, server_url):
    with proxied(server_url, RIGHT) as proxy:
        page = opened(make_page, proxy.url)
        expect(page.locator("button.play:visible")).to_contain_text("Deathmatch")
        proxy.server = "127.0.0.1:1"
        page.evaluate("() => window.skirmish.dropConnection()")
        proxy.cut()
        sentence = "A proxy answers, but the server behind it does not (502)."
        expect(page.locator(".start .trouble b")).to_have_text(sentence, timeout=20_000)


def test_a_seat_that_cannot_be_reached_says_why_and_can_be_given_up(make_page, server_url):
    passes = r"/(?!match/).*"
    with proxied(server_url, evolve(RIGHT, passes=passes)) as proxy:
        page = opened(make_page, proxy.url)
        page.locator("button.play:visible").click()
        expect(page.locator(".waiting .trouble b")).to_be_visible(timeout=20_000)
        page.get_by_role("button", name="Back").click()
        expect(page.locator("button.play:visible")).to_be_enabled()


def test_a_tab_that_was_replaced_takes_its_place_back_by_a_press(make_player):
    first, second = make_player(), make_player()
    session = first.page.evaluate("() => sessionStorage.getItem('skirmish.session')")
    second.page.evaluate("session => sessionStorage.setItem('skirmish.session', session)", session)
    second.page.reload()  # like a duplicated tab
    first.wait("state.lobby === 'ended'")
    first.page.locator("button.play:visible", has_text="Play here").click()
    first.wait("state.lobby === 'online'")
    second.wait("state.lobby === 'ended'")
    first.press_play()
