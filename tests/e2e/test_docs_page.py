"""The documentation page as somebody uses it, in a real browser."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import Locator, Page, expect
from tests.support.browser import browser, executable
from tests.support.shop import ADMIN_EMAIL, ADMIN_PASSWORD, RunningShop

_PATIENCE_MS: Final = 20_000


class Watch:
    """Everything that a page must not do."""

    def __init__(self, page: Page, url: str) -> None:
        self.faults: list[str] = []
        self.asked: list[str] = []
        self._home: Final = urlsplit(url).netloc
        page.on("request", lambda request: self._requested(request.url))
        page.on("console", lambda said: self._said(said.type, said.text))
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))

    def _requested(self, url: str) -> None:
        parts = urlsplit(url)
        self.asked.append(parts.path)
        if parts.scheme not in ("data", "blob") and parts.netloc != self._home:
            self.faults.append(f"request to another host: {url}")

    def _said(self, kind: str, text: str) -> None:
        if kind in ("error", "warning"):
            self.faults.append(f"console {kind}: {text}")


def operation(page: Page, name: str) -> Locator:
    """An operation, opened."""
    block = page.locator(f"[id$='-{name}'].opblock")
    block.locator(".opblock-summary-control").click()
    block.get_by_role("button", name="Execute").wait_for()
    return block


def execute(block: Locator) -> tuple[str, str]:
    """Press Execute; the status and the body that the page then shows."""
    block.get_by_role("button", name="Execute").click()
    answer = block.locator(".live-responses-table .response").first
    answer.wait_for()
    status = answer.locator(".response-col_status").inner_text().split()[0]
    return status, answer.locator(".highlight-code code, .highlight-code pre").first.inner_text()


def use(page: Page, url: str) -> None:
    page.goto(f"{url}/docs")
    expect(page.locator(".info .title")).to_be_visible()

    login = operation(page, "login")
    body = json.dumps({"email": ADMIN_EMAIL, "password": ADMIN_PASSWORD})
    login.locator("textarea.body-param__text").fill(body)
    status, shown = execute(login)
    assert status == "200", shown
    token = json.loads(shown)["access_token"]

    page.locator(".auth-wrapper .btn.authorize").first.click()
    dialog = page.locator(".dialog-ux")
    dialog.locator("input").fill(token)
    dialog.locator(".auth-btn-wrapper .authorize").click()
    expect(dialog.get_by_text("Authorized", exact=True)).to_be_visible()
    dialog.locator(".btn-done").click()

    status, shown = execute(operation(page, "listProducts"))
    assert status == "200", shown
    assert len(json.loads(shown)["items"]) == 20

    status, shown = execute(operation(page, "createProduct"))
    assert status == "201", shown
    assert json.loads(shown)["slug"] == "trail-runner"

    status, shown = execute(operation(page, "getProduct"))
    assert status == "200", shown


def in_a_thread_of_its_own(work: Callable[[], None]) -> None:
    """Playwright's plain interface does not run where an event loop does."""
    assert threading.current_thread() is threading.main_thread()
    with ThreadPoolExecutor(1) as pool:
        pool.submit(work).result()


def test_the_page_signs_in_lists_and_creates_and_asks_nobody_else(shop: RunningShop) -> None:
    executable()

    def visit() -> None:
        with browser() as opened:
            page = opened.new_page(viewport={"width": 1280, "height": 1600})
            page.set_default_timeout(_PATIENCE_MS)
            watch = Watch(page, shop.url)
            use(page, shop.url)
            assert watch.faults == []
            assert "/openapi.json" in watch.asked

    in_a_thread_of_its_own(visit)
