"""The battle map on a wall, a phone, without WebGL and without JavaScript."""

NO_WEBGL = "const get = HTMLCanvasElement.prototype.getContext; HTMLCanvasElement.prototype.getContext = function (kind, ...more) { return kind.startsWith('webgl') ? null : get.call(this, kind, ...more); };"


def walk(site):
    """The operations center looks at the battle map; what somebody does is on it without a reload; the picture is there for all others."""
    page = site.signed_in("subdistrict_center", phone=False)
    page.goto("/command/map")
    page.wait_for_selector("main[data-map=ready]", timeout=60_000)
    assert page.locator(".map canvas").count() == 1 and page.locator(".legend").is_visible()
    assert page.locator(".grid-name").count() >= 7
    page.wait_for_timeout(1000)
    site.shot(page, "battle-map")

    page.evaluate("""() => {
        window.heard = {};
        document.querySelector('main').addEventListener('live:matter', (event) => { window.heard[event.detail.id] = Date.now(); });
    }""")
    other = page.context.new_page()
    other.goto("/command/list?measure=open_matters")
    row = other.locator("li[data-matter]:has(form.press)").first
    matter = row.get_attribute("data-matter")
    began = page.evaluate("Date.now()")
    row.locator("form.press button").click()
    page.wait_for_function("(id) => window.heard[id]", arg=matter, timeout=10_000)
    took = page.evaluate("(id) => window.heard[id]", matter) - began
    print(f"    the act is on the map after {took} ms")
    assert took < 5000, took

    # Down by the table, without the mouse.
    page.locator(".inside tbody a[href^='/command/map']").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("main[data-map=ready]", timeout=60_000)
    assert "grid=" in page.url

    phone = site.signed_in("subdistrict_center", phone=True, language="en")
    phone.goto("/command/map?lang=en&theme=light")
    phone.wait_for_selector("main[data-map=ready]", timeout=60_000)
    site.no_sideways(phone)
    site.shot(phone, "battle-map-phone")

    plain = site.signed_in("subdistrict_center", phone=False)
    plain.add_init_script(NO_WEBGL)
    plain.goto("/command/map")
    plain.wait_for_function("document.querySelector('.map img')?.naturalWidth > 0")
    assert plain.locator(".map canvas").count() == 0 and plain.locator(".map img").is_visible()

    still = site.signed_in("subdistrict_center", phone=False, javascript=False)
    still.goto("/command/map")
    assert still.locator(".map img").is_visible() and still.locator(".legend").is_visible()
    assert still.locator(".inside tbody tr").count() >= 1
    site.shot(still, "battle-map-picture")
