"""The worker of a grid: reports up, fixes on the spot with a photo or a reason, takes it back, and loses nothing without network."""

SEEDS = iter(range(100, 200))


def walk(site):
    """At most three taps and nothing typed for each, in both languages, on phone and desktop."""
    for language, phone in (("zh-CN", True), ("en-GB", True), ("en-GB", False)):
        kind = f"{'phone' if phone else 'desktop'} {language}"
        worker = site.signed_in("grid_worker", phone=phone, language=language, place=site.place_of("grid_worker"))
        report_up(site, worker, kind)
        on_the_spot(site, worker, kind)
        by_reason(site, worker, kind)
    without_network(site)
    leader_whistles(site)
    large_type(site)


def shoot(site, page):
    """The shutter of the tab bar; the report opens with the picture, the place and a category."""
    page.goto("/field")
    page.locator(".dock .shoot + input[data-camera]").wait_for(state="attached")
    site.shutter(page.locator(".dock .shoot + input[data-camera]"), seed=next(SEEDS))
    page.wait_for_url("**/field/report")
    page.locator("[data-shots] figure.photo img").wait_for()
    page.locator("#where input[name=placed][value=phone]").wait_for(state="attached")
    page.locator(".cat input:checked").wait_for()
    site.no_sideways(page)


def report_up(site, page, kind):
    began = site.counted()
    shoot(site, page)
    site.shot(page, f"field-report-{kind}")
    site.tap(page.locator(".foot button[value=up]"))
    page.wait_for_url("**/field/matters/*")
    site.within(f"report up, {kind}", 3, 0, began)
    assert page.locator("ol.steps li").count() >= 2, "it was not handed on"


def on_the_spot(site, page, kind):
    began = site.counted()
    shoot(site, page)
    site.tap(page.locator(".foot button[value=spot]"))
    page.wait_for_url("**/acts/*")
    site.no_sideways(page)
    site.shot(page, f"field-spot-{kind}")
    site.shutter(page.locator("form.act input[name=photo]"), seed=next(SEEDS))
    page.locator(".toast").wait_for()
    site.within(f"fixed on the spot, {kind}", 3, 0, began)
    assert page.locator("h1 .mark use[href$='m-yellow']").count() == 1, "it is not marked as fixed on the spot"
    assert page.locator(".pair figure").count() == 2, "before and after are not both there"
    site.no_sideways(page)
    site.shot(page, f"field-fixed-{kind}")
    # Taken back in one press, without a question.
    page.locator(".toast form button").click()
    page.locator("main a.spot").wait_for()


def by_reason(site, page, kind):
    began = site.counted()
    shoot(site, page)
    site.tap(page.locator(".foot button[value=spot]"))
    page.wait_for_url("**/acts/*")
    site.tap(page.locator("form.act .reasons button").first)
    page.locator(".toast").wait_for()
    site.within(f"fixed on the spot by a reason, {kind}", 3, 0, began)


def without_network(site):
    """The network is away when it is sent: kept, and sent once by itself."""
    page = site.signed_in("grid_worker", place=site.place_of("grid_worker"))
    shoot(site, page)
    page.context.set_offline(True)
    page.locator(".foot button[value=up]").click()
    page.locator(".outbox:not([hidden])").wait_for()
    assert page.locator("[data-said]").inner_text(), "nothing is said"
    site.shot(page, "field-offline")
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.wait_for_url("**/field/matters/*")
    page.goto("/field")
    page.wait_for_timeout(500)
    assert not page.locator(".outbox").is_visible(), "it still says that something waits"

    # The same for the after-photo.
    shoot(site, page)
    page.locator(".foot button[value=spot]").click()
    page.wait_for_url("**/acts/*")
    page.wait_for_timeout(300)
    page.context.set_offline(True)
    page.locator("form.act input[name=photo]").set_input_files(site.photo(next(SEEDS)))
    page.locator(".outbox:not([hidden])").wait_for()
    page.context.set_offline(False)
    page.evaluate("dispatchEvent(new Event('online'))")
    page.locator(".toast").wait_for()
    assert page.locator(".pair figure").count() == 2, "the after-photo was lost"
    site.complaints = [line for line in site.complaints if "ERR_INTERNET_DISCONNECTED" not in line]


def leader_whistles(site):
    """A micro-grid leader calls a department from the phone."""
    for language in ("zh-CN", "en-GB"):
        page = site.signed_in("micro_leader", language=language, place=site.place_of("micro_leader"))
        shoot(site, page)
        page.locator(".foot button[value=keep]").click()
        page.wait_for_url("**/field/matters/*")
        matter = page.url.split("?")[0].rsplit("/", 1)[1]
        page.goto("/field")
        began = site.counted()
        site.tap(page.locator(f"a.over[href$='{matter}']"))
        page.wait_for_url("**/field/matters/*")
        site.tap(page.locator("main a:has(use[href$='i-whistle'])"))
        page.wait_for_url("**/acts/*")
        site.no_sideways(page)
        site.shot(page, f"field-whistle-{language}")
        if not page.locator("form.act input[name=units]:checked").count():
            page.locator("form.act input[name=units]").first.check()
        site.tap(page.locator("form.act button[data-main]"))
        page.locator(".asks li").wait_for()
        site.within(f"a micro-grid leader whistles, {language}", 3, 0, began)


def large_type(site):
    """In large type what is pressed is at least 60 px high, and nothing stands out at 320 px."""
    page = site.signed_in("grid_worker", place=site.place_of("grid_worker"), viewport={"width": 320, "height": 640})
    for address in ("/field?type=large", "/field/land", "/field/done", "/field/report"):
        page.goto(address)
        page.wait_for_load_state("networkidle")
        measure(site, page)
    page.goto("/field")
    page.locator("a.over").first.click()
    page.wait_for_load_state()
    measure(site, page)
    for link in page.locator("main .acts a.button").evaluate_all("links => links.map((link) => link.href)"):
        page.goto(link)
        measure(site, page)


def measure(site, page):
    site.no_sideways(page)
    low = page.evaluate("""() => [...document.querySelectorAll("main .button:not(.plain), .dock a, .send .button")]
        .filter((it) => it.checkVisibility() && it.getBoundingClientRect().height < 60)
        .map((it) => it.textContent.trim() + " " + Math.round(it.getBoundingClientRect().height))""")
    assert not low, f"{page.url}: lower than 60 px: {low}"
