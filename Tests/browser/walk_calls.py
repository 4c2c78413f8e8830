"""C6: an officer takes calls with the keys alone: number, words, place, at most four fields; the second call joins, the third is handed on."""
import checks


def walk(site):
    """In both languages on the desktop; then how the pages look elsewhere."""
    for language in ("zh-CN", "en-GB"):
        calls(site, language)
    looks(site)


def active(page):
    return page.evaluate("document.activeElement.id || document.activeElement.name")


def key(site, page, name):
    site.taps += 1
    page.keyboard.press(name)


def typed(site, page, text):
    site.typed += 1
    page.keyboard.type(text)


def kept(page):
    page.wait_for_function("() => location.search.startsWith('?call=')")


def take(site, page, number, words, place):
    """From a blank form to the place that was chosen; the focus then lies on the button that registers."""
    page.wait_for_function("() => document.activeElement.id === 'phone'")
    typed(site, page, number)
    key(site, page, "Enter")
    typed(site, page, words)
    key(site, page, "Tab")
    typed(site, page, place)
    page.locator(".places .pick").first.wait_for()
    assert active(page) == "place" and page.locator("#place").get_attribute("aria-expanded") == "true"
    key(site, page, "ArrowDown")
    assert page.locator(".places .pick[aria-selected=true]").count() == 1, "the arrow chose nothing"
    key(site, page, "Enter")
    page.wait_for_function("() => document.activeElement.name === 'send'")


def street(site):
    """The name of a street by its first letters, as the search box takes them."""
    return site.read("SELECT name FROM record WHERE register = 'street' ORDER BY LENGTH(name), name LIMIT 1")[0][0]


def calls(site, language):
    page = site.signed_in("community_officer", phone=False, language=language)
    number = "1390000" + ("1111" if language.startswith("zh") else "2222")
    place = street(site)
    page.goto("/desk/new")
    began = site.counted()
    take(site, page, number, "路灯不亮，晚上看不见", place)
    kept(page)
    page.reload()
    assert page.locator("#words").input_value().startswith("路灯") and page.locator("#phone").input_value() == number, "lost on reload"
    page.locator("button[name=send]").focus()
    key(site, page, "Enter")
    page.wait_for_url("**/desk/taken/*")
    site.within(f"a call by the keys alone, {language}", 12, 4, began)
    site.shot(page, f"call-taken-{language}")
    code = page.locator(".read dd")
    assert code.first.inner_text() and len(code.nth(1).inner_text()) == 6

    # The same number again: what it said before is there, the same lamp is found, one digit joins it.
    page.wait_for_function("() => document.activeElement.matches('a.main')")
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/new")
    began = site.counted()
    take(site, page, f"+86 {number}", "灯还没修", place)
    page.locator("[data-part=history] li").first.wait_for()
    page.locator("[data-key='1'] input").wait_for()
    checks.page(site, page, checks.DESK)
    site.shot(page, f"call-{language}")
    key(site, page, "1")
    page.wait_for_function("() => document.activeElement.name === 'send'")
    assert page.locator("[data-key='1'] input").is_checked()
    key(site, page, "Enter")
    page.wait_for_url("**/desk/taken/*")
    site.within(f"a call that joins, {language}", 12, 4, began)
    assert page.locator(".read dd").first.inner_text() and page.locator(".say.act").is_visible(), "it did not join"

    # The third goes to another desk as it stands, and that desk sees it come.
    secretary = site.signed_in("community_secretary", phone=False, language=language)
    secretary.goto("/desk")
    secretary.wait_for_timeout(800)
    own = secretary.locator(".who").inner_text().rsplit(" ", 1)[0].strip()
    page.goto("/desk/new")
    take(site, page, number, "还有一件事", place)
    page.keyboard.press("h")
    page.wait_for_function("() => document.activeElement.id === 'desk'")
    page.keyboard.type(own)
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/new?moved=*")
    secretary.locator(".count").wait_for()
    secretary.locator(".nav a[href='/desk/new']").click()
    site.shot(secretary, f"call-waiting-{language}")
    secretary.locator("button[form^=take]").click()
    secretary.wait_for_url("**/desk/new?call=*")
    assert secretary.locator("#words").input_value() == "还有一件事" and secretary.locator("#place").input_value() != ""
    assert secretary.locator(".count").count() == 0
    secretary.locator("button[name=drop]").click()
    secretary.wait_for_url("**/desk/new")
    page.context.close()
    secretary.context.close()


def looks(site):
    """On a phone, narrow, large and in the dark."""
    page = site.signed_in("community_officer", phone=True)
    page.goto("/desk/new")
    page.locator("#words").fill("路灯不亮")
    page.locator("#place").fill(street(site)[:2])
    page.locator(".places .pick").first.wait_for()
    site.no_sideways(page)
    site.shot(page, "call-phone")
    page.locator(".places .pick").first.click()
    page.wait_for_function("() => document.querySelector('input[name=named]').value === '1'")
    checks.page(site, page, checks.DESK)
    page.locator("button[name=drop]").click()
    page.wait_for_url("**/desk/new")
    page.context.close()
    dark = site.signed_in("community_officer", phone=False, color_scheme="dark", language="en-GB")
    dark.goto("/desk/new")
    checks.page(site, dark, checks.DESK)
    site.shot(dark, "call-dark")
