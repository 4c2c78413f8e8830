"""What a resident's three commonest wishes cost in taps and typed fields: report, join, confirm; with JavaScript and without."""

MOST = {"report": 4, "join": 2, "confirm": 1}


def walk(site):
    """The table of taps of the portal."""
    table = []
    for javascript in (True, False):
        for wish, steps in (("report", report), ("join", join), ("confirm", confirm)):
            site.taps = site.typed = 0
            steps(site, javascript)
            table.append((wish, javascript, site.taps, site.typed))
    print("    wish       JavaScript  taps  typed  at most")
    for wish, javascript, taps, typed in table:
        print(f"    {wish:10} {'yes' if javascript else 'no':10} {taps:5} {typed:6} {MOST[wish]:8}")
        assert taps <= MOST[wish] and typed == 0, f"{wish}: {taps} taps, {typed} typed"


def shoot(site, at, seed):
    at.locator("input[name=photo]").first.set_input_files(site.photo(seed=seed))
    site.taps += 1  # the shutter


def report(site, javascript):
    """From the first page; without JavaScript the place is tapped on the picture, and the photo is not lost over it."""
    at = site.page(javascript=javascript, place=site.place_of("micro_leader") if javascript else None)
    at.goto("/")
    site.tap(at.locator("a[href='/report']").first)
    at.wait_for_url("**/report")
    shoot(site, at, 21)
    if javascript:
        at.locator("#where input[name=placed][value=phone]").wait_for(state="attached")
    else:
        site.taps += 1
        at.locator("#where input[type=image]").click(position={"x": 320, "y": 120})
        at.locator("#where input[name=placed][value=tap]").wait_for(state="attached")
        assert at.locator(".shots img").evaluate("(image) => image.complete && image.naturalWidth > 0"), "the photo is not shown again"
        site.no_sideways(at)
        site.shot(at, "nojs-tapped")
    site.tap(at.locator(".foot [data-send]"))
    at.wait_for_url("**/receipt*")
    # The photo follows by itself; until it is there the receipt says so.
    at.locator(".say.warn").wait_for(state="detached")
    at.goto(at.url.split("/receipt")[0])
    assert at.locator(".pair img").count() == 1, "the photo did not go out with the report"


def join(site, javascript):
    """From a grid's sign: report here, the same, done."""
    rows = site.read(
        """SELECT g.id, m.id, m.reporters FROM matter m JOIN grid g ON g.id = m.grid_id
           WHERE m.state = 'open' AND m.privacy = 'open' AND m.lon IS NOT NULL ORDER BY m.opened_at DESC LIMIT 1""")
    grid, matter, before = rows[0]
    at = site.page(javascript=javascript, place=None)
    at.goto(f"/g/{site.id(grid)}")
    site.tap(at.locator("main a.button.main"))
    at.wait_for_url("**/report?grid=*")
    button = at.locator("button[name=join]").first
    chosen = button.get_attribute("value")
    site.tap(button)
    at.wait_for_url("**/receipt*")
    assert "一同答复您" in at.locator("main").inner_text()
    after = site.read("SELECT reporters FROM matter WHERE lower(hex(id)) = ?", chosen.replace("-", ""))
    assert after and after[0][0] >= 2, "nobody joined"


def confirm(site, javascript):
    rows = site.read(
        """SELECT m.number, r.query_code FROM matter m JOIN report r ON r.matter_id = m.id
           WHERE m.state = 'done' AND r.confirmed IS NULL AND m.reporters = 1 ORDER BY m.opened_at DESC LIMIT 1""")
    at = site.page(javascript=javascript)
    at.goto("/find")
    at.fill("#number", rows[0][0])
    at.fill("#code", rows[0][1])
    at.locator("main form button").click()
    at.wait_for_url("**/r/*")
    site.tap(at.locator("form[action$='/acts/confirm'] button"))
    at.locator("form.rates").wait_for()
    assert at.locator("form[action$='/acts/confirm']").count() == 0
