"""The page of the API as a browser shows it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

TOO_FAINT = """
() => {
  const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const linear = (value) => value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4;
  const luminance = ([r, g, b]) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const over = (upper, lower) => lower.map((value, i) => value + ((upper[3] ?? 1) * (upper[i] - value)));
  const style = (element, name) => channels(getComputedStyle(element)[name]);
  const ground = (element) =>
    element ? over(style(element, "backgroundColor"), ground(element.parentElement)) : [255, 255, 255];
  const contrast = (element) => {
    const behind = ground(element);
    const [dark, light] = [over(style(element, "color"), behind), behind].map(luminance).sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };
  const own = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
  return [...document.querySelectorAll("#swagger-ui *")]
    .filter((element) => own(element) && element.checkVisibility() && contrast(element) < 4.5)
    .map((element) => `${element.className}: ${element.textContent}`);
}
"""
"""The elements whose own text stands out from what is behind it by less than WCAG AA asks (4.5:1)."""


def test_everything_on_the_page_of_the_api_can_be_read(browser: Browser, live_server: LiveServer) -> None:
    context = browser.new_context()
    page = context.new_page()
    validation_errors: list[str] = []
    page.on("console", lambda message: validation_errors.append(message.text) if message.type == "error" else None)
    page.goto(f"{live_server.url}/api/v1/docs")
    page.wait_for_selector(".opblock")
    for block in page.query_selector_all(".opblock-summary-control"):
        block.click()
    page.wait_for_selector(".opblock-patch .try-out__btn")
    page.locator(".opblock-post .try-out__btn").click()
    page.wait_for_selector(".btn.execute")
    assert page.evaluate(TOO_FAINT) == []
    assert validation_errors == []
    context.close()
