"""Several matters of the queue decided together: picked by keys and by shift, looked at, done, taken back."""
import checks


def walk(site):
    """Both languages on the desktop, one also in the dark; and without JavaScript."""
    for language, dark in (("zh-CN", False), ("en-GB", True)):
        page = site.signed_in("community_officer", phone=False, language=language, color_scheme="dark" if dark else "light")
        picked(site, page, language)
    plain(site)


def picked(site, page, language):
    page.goto("/desk?tab=doing")
    page.locator("[data-keys-switch]").wait_for()
    assert not page.locator(".many-bar").is_visible()
    began = site.counted()
    for name in ("x", "j", "j", "x"):
        page.keyboard.press(name)
    assert page.locator("input[name=m]:checked").count() == 2, "x does not pick the rows"
    page.locator("input[name=m]").nth(5).click(modifiers=["Shift"])
    count = page.locator("input[name=m]:checked").count()
    assert count == 5 and "5" in page.locator(".many-bar [data-count]").inner_text(), f"{count} are picked"
    checks.page(site, page, checks.DESK)
    site.shot(page, f"many-picked-{language}")
    page.locator("main h1").click()
    page.keyboard.press("b")
    page.wait_for_url("**/desk/many?*")
    checks.page(site, page, checks.DESK)
    site.shot(page, f"many-{language}")
    page.locator(".decide a[href*='verb=note']").click()
    page.wait_for_url("**verb=note**")
    site.type(page.locator("textarea"), "一起看过了")
    site.tap(page.locator("form .button.main"))
    page.locator("h1", has_text="5").wait_for()
    site.within(f"a note on five matters, {language}", 1, 1, began)
    site.shot(page, f"many-done-{language}")
    checks.page(site, page, checks.DESK)
    page.keyboard.press("Escape")
    page.wait_for_url("**/desk?tab=doing")


def plain(site):
    page = site.signed_in("community_officer", phone=False, javascript=False)
    page.goto("/desk?tab=doing")
    page.locator("input[name=m]").first.check()
    page.locator(".many-bar button").first.click()
    page.wait_for_url("**/desk/many?*")
    assert page.locator("form input[name=m]").count() == 1
