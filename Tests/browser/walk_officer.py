"""The officer of a community at the desk: one press accepts, three whistle; single keys, live lists, somebody else at it."""


def walk(site):
    """In both languages, on desktop and phone; then the keys, two people at once, and a list that moves."""
    for language in ("zh-CN", "en-GB"):
        for phone in (False, True):
            kind = f"{'phone' if phone else 'desktop'} {language}"
            officer = site.signed_in("community_officer", phone=phone, language=language)
            feed(site)
            accept(site, officer, kind, phone)
            feed(site)
            whistle(site, officer, kind, phone)
    keys(site)
    together(site)
    live(site)


def feed(site):
    """A report that comes up to the officer."""
    worker = site.signed_in("grid_worker", place=site.place_of("grid_worker"))
    worker.goto("/field/report")
    worker.locator(".cat input:checked").wait_for()
    worker.locator(".foot button[value=up]").click()
    worker.wait_for_url("**/field/matters/*")
    worker.context.close()


def open_first(site, page, phone):
    page.goto("/desk?tab=to_take")
    if phone:
        page.locator("[data-rows] a.over").first.click()
        page.wait_for_url("**/desk/matters/*")
    site.no_sideways(page)


def accept(site, page, kind, phone):
    open_first(site, page, phone)
    before = page.locator("main h1").inner_text()
    site.shot(page, f"desk-{kind}")
    began = site.counted()
    site.tap(page.locator(".acts .button.main"))
    page.locator(".toast").wait_for()
    site.within(f"accept with everything right, {kind}", 1, 0, began)
    assert before in page.locator(".toast").inner_text()
    assert page.locator(".oh .num-wide").is_visible(), "the next one did not open"


def whistle(site, page, kind, phone):
    open_first(site, page, phone)
    began = site.counted()
    button = page.locator(".acts a.button:has(use[href$='i-whistle'])")
    site.tap(button)
    page.locator("form.form").wait_for()
    site.no_sideways(page)
    site.shot(page, f"desk-whistle-{kind}")
    site.tap(page.locator("input[name=units]:not(:checked)").first)
    site.tap(page.locator("form.form .button.main"))
    page.locator(".toast").wait_for()
    site.within(f"whistle with one more department, {kind}", 3, 0, began)


def keys(site):
    """Single keys act, but never in a field, never while an input method composes, never when switched off."""
    page = site.signed_in("community_officer", phone=False)
    page.goto("/desk?tab=doing")
    page.locator("[data-keys-switch]").wait_for()
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.matches('[data-rows] .over')"), "j does not walk the rows"
    page.keyboard.press("Enter")
    page.wait_for_url("**/desk/matters/*")
    here = page.url
    # There once the page's script listens.
    page.locator("[data-keys-switch]").wait_for()
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.matches('[data-find]')"), "/ does not search"
    page.keyboard.type("wdq")
    assert page.url == here and page.locator("[data-find]").input_value() == "wdq", "a key acted in a field"
    page.keyboard.press("Escape")
    page.evaluate("""() => document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "n", bubbles: true, isComposing: true}))""")
    page.evaluate("""() => document.body.dispatchEvent(new KeyboardEvent("keydown", {key: "n", bubbles: true, ctrlKey: true}))""")
    page.wait_for_timeout(300)
    assert page.url == here, "a key acted while composing or with Ctrl"
    page.locator("[data-keys-switch]").click()
    page.locator("main h1").click()
    page.keyboard.press("n")
    page.wait_for_timeout(300)
    assert page.url == here, "a key acted although switched off"
    page.locator("[data-keys-switch]").click()
    page.locator("main h1").click()
    page.keyboard.press("n")
    page.wait_for_url("**/acts/*")
    assert page.evaluate("document.activeElement.matches('textarea')"), "the form's field has not the focus"
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    page.wait_for_url(here)
    # Every key has its button in sight or under more.
    for key in page.locator("[data-key]").evaluate_all("all => all.map((it) => it.dataset.key + (it.querySelector('kbd') ? '' : '!'))"):
        assert not key.endswith("!"), f"no button shows the key {key}"


def together(site):
    """Two people on one matter: each sees the other, and the later one what the first did."""
    officer, secretary = site.signed_in("community_officer", phone=False), site.signed_in("community_secretary", phone=False)
    officer.goto("/desk?tab=doing")
    officer.locator("[data-rows] a.over").first.click()
    officer.wait_for_url("**/desk/matters/*")
    address = officer.url.split("?")[0]
    secretary.goto(address)
    officer.locator("[data-use~=now] .say").wait_for()
    site.shot(officer, "desk-together")
    officer.goto(address + "/acts/note")
    officer.locator("textarea").fill("half a sentence")
    secretary.locator("[data-use~=now] .say", has_text="正在办").wait_for()
    secretary.goto(address + "/acts/ask_reporter")
    secretary.locator("textarea").fill("问一句")
    secretary.locator("form.form .button.main").click()
    secretary.locator(".toast").wait_for()
    officer.locator("[data-use~=now] .say.act").wait_for()
    assert officer.locator("textarea").input_value() == "half a sentence", "what was typed is lost"


def live(site):
    """A new one slides in; under a pointer it waits behind a button."""
    page = site.signed_in("community_officer", phone=False)
    page.goto("/desk?tab=to_take")
    page.wait_for_timeout(800)
    before = page.locator("[data-row]").count()
    page.mouse.move(1000, 300)
    feed(site)
    page.wait_for_function("count => document.querySelectorAll('[data-row]').length > count", arg=before)
    page.locator("[data-row]").first.hover()
    feed(site)
    page.locator("[data-queue-new]:not([hidden])").wait_for()
    assert page.locator("[data-row]").count() == before + 1, "a row moved under the pointer"
    site.shot(page, "desk-fresh")
    page.locator("[data-queue-new]").click()
    assert page.locator("[data-row]").count() == before + 2
    assert page.evaluate("document.activeElement.matches('[data-rows] .over')"), "the focus is lost"
