"""The battle map on a wall, a desk, a phone, without WebGL and without JavaScript."""
import time
import uuid

NO_WEBGL = "const get = HTMLCanvasElement.prototype.getContext; HTMLCanvasElement.prototype.getContext = function (kind, ...more) { return kind.startsWith('webgl') ? null : get.call(this, kind, ...more); };"
HEAR = """() => {
    window.heard = {};
    document.querySelector('main').addEventListener('live:matter', (event) => { window.heard[event.detail.id + event.detail.mark] = Date.now(); });
}"""


def walk(site):
    """The operations center looks at the battle map: what somebody does moves the marks at once, a day is played again, the keys lead down and
    up, posts on duty open to their list; the picture is there for all others."""
    page = site.signed_in("subdistrict_center", phone=False)
    ready(page, "/command/map")
    assert page.locator(".map canvas").count() == 1 and page.locator(".legend").is_visible()
    assert page.locator(".grid-name").count() >= 7
    marks(site, page)
    replay(site, page)
    drill(site, page)
    duty(site, page)
    walls(site, page)

    phone = site.signed_in("subdistrict_center", phone=True, language="en")
    for theme in ("light", "dark"):
        ready(phone, f"/command/map?lang=en&theme={theme}")
        site.no_sideways(phone)
        site.shot(phone, f"battle-map-phone-{theme}")
    for size, name in (((1920, 1080), "1080"), ((3840, 2160), "4k")):
        wall = site.signed_in("subdistrict_center", phone=False, screen={"width": size[0], "height": size[1]})
        wall.set_viewport_size({"width": size[0], "height": size[1]})
        for theme in ("dark", "light"):
            ready(wall, f"/command/map?lang=zh-Hans&theme={theme}")
            wall.wait_for_timeout(3000)
            site.no_sideways(wall)
            cut = wall.evaluate("""() => [...document.querySelectorAll('.l > div, .inside, .r > div')].filter((box) => box.scrollWidth > box.clientWidth + 1).length""")
            assert cut == 0, f"{cut} boxes are cut off at {name}"
            site.shot(wall, f"battle-map-{name}-{theme}")
        wall.close()

    plain = site.signed_in("subdistrict_center", phone=False)
    plain.add_init_script(NO_WEBGL)
    plain.goto("/command/map")
    plain.wait_for_function("() => document.querySelector('.map img')?.naturalWidth > 0")
    assert plain.locator(".map canvas").count() == 0 and plain.locator(".map img").is_visible()

    still = site.signed_in("subdistrict_center", phone=False, javascript=False)
    still.goto("/command/map")
    assert still.locator(".map img").is_visible() and still.locator(".legend").is_visible()
    assert still.locator(".inside tbody tr").count() >= 1
    still.locator("form.replay input[name=at]").fill(yesterday(still) + "T15:00")
    still.locator("form.replay button[data-show]").click()
    assert "15:00" in still.locator(".hour time").inner_text() and "at=" in still.url
    site.shot(still, "battle-map-picture")


def ready(page, path):
    page.goto(path)
    page.wait_for_selector("main[data-map=ready]", timeout=60_000)


def yesterday(page):
    return page.locator(".replay .day a").first.get_attribute("href").split("at=")[1][:10]


def marks(site, page):
    """New, passed on, fixed on the spot, done: each is on the map without a reload; says after how long."""
    page.evaluate(HEAR)
    place = site.place_of("micro_leader")
    leader = site.signed_in("micro_leader")
    took = []

    def act(matter, verb):
        leader.goto(f"/field/matters/{matter}/acts/{verb}")
        csrf = leader.locator("input[name=csrf]").first.get_attribute("value")
        return lambda: leader.request.post(
            f"/field/matters/{matter}/acts/{verb}", form={"csrf": csrf, "act": str(uuid.uuid4()), "words": "看过了", "reason": "试"}, max_redirects=0)

    def heard(do, matter, mark):
        began = page.evaluate("Date.now()")
        answer = do()
        assert answer.status == 303, f"{mark}: {answer.status}"
        page.wait_for_function("(key) => window.heard[key]", arg=matter() + mark, timeout=20_000)
        took.append((mark, page.evaluate("(key) => window.heard[key]", matter() + mark) - began))

    for verbs, mark in ((["report_up"], "red"), (["fix_on_spot"], "yellow"), (["accept", "finish"], "green")):
        report = str(uuid.uuid4())
        before = {row[0] for row in site.read("SELECT id FROM matter WHERE channel = 'portal' AND state = 'open'")}

        def newest():
            rows = site.read("SELECT id FROM matter WHERE channel = 'portal' AND state = 'open' ORDER BY opened_at DESC LIMIT 3")
            return site.id(next(row[0] for row in rows if row[0] not in before))

        visitor = site.page()
        heard(lambda: visitor.request.post(
            "/report", form={"id": report, "lon": str(place[0]), "lat": str(place[1]), "placed": "phone", "words": f"楼道杂物 {mark}"},
            headers={"Origin": site.address}, max_redirects=0), newest, "none")
        matter = newest()
        for verb in verbs[:-1]:
            act(matter, verb)()
        heard(act(matter, verbs[-1]), lambda: matter, mark)
    print("    on the map after " + ", ".join(f"{mark} {span} ms" for mark, span in took))
    assert sorted(span for _, span in took)[len(took) // 2] < 1000 or max(span for _, span in took) < 5000, took
    site.shot(page, "battle-map")


def replay(site, page):
    """Yesterday again: to and fro with the keys, played with space, back to now with Escape."""
    ready(page, f"/command/map?at={yesterday(page)}T09:00")
    slider, told = page.locator("[data-slider]"), page.locator("[data-told]")
    assert slider.is_visible() and told.inner_text() == "09:00" and not page.locator("[data-moment]").is_visible()
    page.locator(".replay .day b").click()
    page.keyboard.press("PageUp")
    page.wait_for_function("() => document.querySelector('[data-told]').textContent === '10:00' && location.search.includes('10%3A00')")
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("() => document.querySelector('[data-told]').textContent === '09:55'")
    page.wait_for_timeout(4000)
    early = page.locator(".big").inner_text()
    page.locator("[data-speed]").select_option("6")
    page.locator(".replay .day b").click()
    began = time.monotonic()
    page.keyboard.press("Space")
    page.wait_for_function("() => document.querySelector('[data-told]').textContent >= '17:00'", timeout=120_000)
    page.keyboard.press("Space")
    print(f"    seven hours played in {time.monotonic() - began:.1f} s")
    page.wait_for_timeout(4000)
    stopped = told.inner_text()
    page.wait_for_timeout(1000)
    assert told.inner_text() == stopped and page.locator(".big").inner_text() != early
    site.shot(page, "battle-map-replay")
    figure = page.locator(".big a").first
    count = int(figure.get_attribute("data-count"))
    page.goto(figure.get_attribute("href"))
    assert int(page.locator("[data-total]").get_attribute("data-total")) == count
    page.go_back()
    page.wait_for_selector("main[data-map=ready]", timeout=60_000)
    page.keyboard.press("Escape")
    page.wait_for_url(lambda url: "at=" not in url)


def drill(site, page):
    """Down to a micro-grid by the table and the digits, and up again, without the mouse."""
    ready(page, "/command/map")
    top = page.locator("h1").inner_text()
    page.locator(".inside tbody a[href^='/command/map']").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("main[data-map=ready]", timeout=60_000)
    assert "grid=" in page.url and page.locator("h1").inner_text() != top
    third = page.locator("h1").inner_text()
    page.wait_for_timeout(500)
    page.keyboard.press("1")
    page.wait_for_function("(was) => document.querySelector('h1') && document.querySelector('h1').innerText !== was", arg=third)
    page.wait_for_selector("main[data-map=ready]", timeout=60_000)
    micro = page.locator("h1").inner_text()
    site.shot(page, "battle-map-micro")
    page.wait_for_timeout(500)
    page.keyboard.press("Backspace")
    page.wait_for_function("(was) => document.querySelector('h1') && document.querySelector('h1').innerText !== was", arg=micro)
    assert page.locator("h1").inner_text() == third


def duty(site, page):
    ready(page, "/command/map")
    figure = page.locator("a[href^='/command/duty']")
    count = int(figure.get_attribute("data-count"))
    figure.click()
    page.wait_for_selector("[data-total]")
    assert int(page.locator("[data-total]").get_attribute("data-total")) == count == page.locator(".on-duty li").count()
    site.shot(page, "on-duty")


def walls(site, page):
    """A screen is made, shows the map to nobody in particular, hears what happens, and is ended."""
    page.goto("/command/map")
    page.locator("a[href^='/walls']").click()
    page.fill("input[name=name]", "一楼大厅")
    page.locator(".new-wall button").click()
    page.wait_for_selector(".walls .address")
    site.shot(page, "walls")
    address = page.locator(".walls .address").first.input_value()
    hall = site.page(phone=False)
    hall.set_viewport_size({"width": 1920, "height": 1080})
    ready(hall, address[address.index("/wall/"):])
    assert hall.locator("main a, header a, form, button.button").count() == 0 and not [
        cookie for cookie in hall.context.cookies() if cookie["name"] != "weiwang_language"]
    hall.wait_for_timeout(2000)
    site.shot(hall, "battle-map-hall")
    hall.evaluate("() => { window.heard = 0; document.querySelector('main').addEventListener('live:matter', () => { window.heard += 1; }); }")
    place = site.place_of("micro_leader")
    site.page().request.post(
        "/report", form={"id": str(uuid.uuid4()), "lon": str(place[0]), "lat": str(place[1]), "placed": "phone", "words": "墙上看得见"},
        headers={"Origin": site.address}, max_redirects=0)
    hall.wait_for_function("() => window.heard > 0", timeout=20_000)
    page.locator(".walls .rows form button").first.click()
    page.wait_for_selector(".walls .empty")
    hall.wait_for_selector("#said", timeout=40_000)
    site.complaints[:] = [one for one in site.complaints if "404" not in one]
