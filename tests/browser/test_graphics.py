"""The graphics context is lost and restored; if it is not, the page says what to do."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.slow]

# No context can be created any more, as after too many driver crashes or without WebGL.
FORBID = """() => {
  const { getContext } = HTMLCanvasElement.prototype;
  window.allowWebGl = () => { HTMLCanvasElement.prototype.getContext = getContext; };
  HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
    return String(kind).includes('webgl') ? null : getContext.call(this, kind, ...rest);
  };
  if (window.OffscreenCanvas) OffscreenCanvas.prototype.getContext = () => null;
}"""
LOSE = """(forGood) => {
  const canvas = document.querySelector('#stage canvas');
  const gl = canvas.getContext('webgl2') ?? canvas.getContext('webgl');
  const loss = gl.getExtension('WEBGL_lose_context');
  if (forGood) FORBID();
  loss.loseContext();
}""".replace("FORBID", f"({FORBID})")
# How many colours there are in the middle of the stage; one if it is blank.
COLOURS = """() => {
  const source = document.querySelector('#stage canvas');
  const copy = new OffscreenCanvas(64, 64).getContext('2d');
  return new Promise((resolve) => requestAnimationFrame(() => {
    copy.drawImage(source, 0, 0, 64, 64);
    const pixels = new Uint32Array(copy.getImageData(0, 0, 64, 64).data.buffer);
    resolve(new Set(pixels).size);
  }));
}"""


def test_graphics_that_are_lost_in_a_match_come_back_and_it_goes_on(make_player):
    player = make_player()
    before = player.press_play()
    player.page.evaluate(LOSE, False)
    player.page.wait_for_function(f"async () => await ({COLOURS})() > 20")
    expect(player.page.locator(".graphics")).to_be_hidden()
    assert player.page.locator("#stage canvas").count() == 1
    after = player.wait("state.connection === 'online'")
    assert after["match"] == before["match"]
    assert after["tick"] > before["tick"]


def test_graphics_that_stay_away_are_explained_and_the_match_can_be_left(make_player):
    player = make_player()
    player.press_play()
    player.page.evaluate(LOSE, True)
    card = player.page.locator(".graphics")
    expect(card.get_by_role("heading")).to_have_text("The graphics are gone", timeout=15_000)
    assert player.state()["connection"] == "online"
    player.page.evaluate("() => window.allowWebGl()")
    card.get_by_role("button", name="Try again").click()
    expect(card).to_be_hidden()
    player.page.evaluate(LOSE, True)
    card.get_by_role("button", name="Leave the match").click(timeout=15_000)
    player.wait("state.screen === 'start'")
    player.errors.clear()  # the library's errors about contexts that it cannot create


def test_a_browser_without_webgl_says_what_to_do_in_our_words(make_page, server_url):
    page = make_page()
    page.add_init_script(f"({FORBID})()")
    page.goto(server_url)
    card = page.locator(".graphics")
    expect(card.get_by_role("heading")).to_have_text("This browser cannot draw the arena")
    expect(card).to_contain_text("hardware acceleration")
    expect(card.get_by_role("button", name="Reload the page")).to_be_visible()
    page.wait_for_function("() => window.skirmish.state().lobby === 'online'")
    assert "Pixi" not in page.locator("body").inner_text()
