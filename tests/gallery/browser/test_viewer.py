"""The picture of points beside their embedding, with WebGL and without; and two runs compared."""

from __future__ import annotations

import io

import pytest

pytestmark = pytest.mark.browser

_NO_WEBGL = (
    "const own = HTMLCanvasElement.prototype.getContext; HTMLCanvasElement.prototype.getContext ="
    " function (kind, ...more) { return kind === '2d' ? own.call(this, kind, ...more) : null; }"
)


def _pictures(page):
    found = []
    for name in ("space", "plane"):
        canvas = page.locator(f'canvas[data-pane="{name}"]')
        canvas.scroll_into_view_if_needed()
        page.wait_for_timeout(150)
        found.append(canvas.screenshot())
    return found


def _colours(data: bytes) -> int:
    image = pytest.importorskip("PIL.Image").open(io.BytesIO(data)).convert("RGB")
    return len(image.quantize(64).getcolors())


@pytest.mark.parametrize("webgl", [True, False], ids=["webgl", "2d"])
def test_points_are_drawn_turned_and_slid(open_page, toy_site, webgl):
    page, log = open_page("about:blank", reduced_motion="reduce")
    if not webgl:
        page.add_init_script(_NO_WEBGL)
    page.goto(f"{toy_site[0]}/papers/toy-roll.html")
    page.wait_for_selector(".viewer:not([hidden])")
    space, plane = _pictures(page)
    assert _colours(space) > 6
    assert _colours(plane) > 6
    page.locator('canvas[data-pane="space"]').focus()
    for _ in range(4):
        page.keyboard.press("ArrowLeft")
    turned, _ = _pictures(page)
    assert turned != space
    page.locator("[data-time]").focus()
    page.keyboard.press("End")
    page.wait_for_timeout(300)
    assert page.inner_text(".dial output").replace(" ", "") == "t=8"
    log.check(toy_site[0])


def test_two_runs_are_chosen_and_compared(open_page, toy_site):
    page, log = open_page(f"{toy_site[0]}/runs.html")
    boxes = page.locator('input[name="run"]')
    assert boxes.count() == 2
    assert page.locator("[data-compare]").get_attribute("href") is None
    boxes.nth(0).check()
    boxes.nth(1).check()
    page.locator("[data-compare]").click()
    page.wait_for_url("**/compare.html#*")
    rows = page.locator(".diff tbody tr.differs th").all_inner_texts()
    assert "seed" in rows
    everything = page.locator(".diff tbody tr").count()
    page.locator("#only").check()
    assert page.locator(".diff tbody tr").count() == page.locator(".diff tbody tr.differs").count() < everything
    page.reload()
    assert "seed" in page.locator(".diff tbody tr.differs th").all_inner_texts(), "the address keeps the choice"
    log.check(toy_site[0])
