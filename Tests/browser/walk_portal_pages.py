"""Every page of the portal, at every width, size and theme, in both languages: what checks.py asks of it."""
import checks

# One report of each: how far its matter is.
STAGES = {
    "waiting": "m.state = 'open' AND m.passed = 0 AND EXISTS (SELECT 1 FROM part p WHERE p.matter_id = m.id AND p.state = 'offered')",
    "passed on": "m.state = 'open' AND m.passed = 1 AND m.reporters > 1",
    "whistled": "m.state = 'open' AND EXISTS (SELECT 1 FROM part p WHERE p.matter_id = m.id AND p.ask_id IS NOT NULL)",
    "done": "m.state = 'done'",
    "not ours": "m.state = 'closed' AND m.outcome = 'not_ours'",
    "solved": "m.state = 'closed' AND m.confirmed = 'yes' AND m.passed = 1",
    "merged": "m.state = 'merged'",
}


def walk(site):
    """A hostile reader with a ruler opens all that a resident may see."""
    grid, _ = site.grid_of("grid_worker")
    community, _ = site.grid_of("community_officer")
    lon, lat = site.place_of("micro_leader")
    addresses = {
        "home": "/", "grid": f"/g/{grid}", "report": "/report", "report-grid": f"/report?grid={grid}",
        "report-here": f"/report?lon={lon}&lat={lat}&placed=phone&accuracy=8", "find": "/find", "missing": "/nowhere",
        "card": f"/g/{grid}/card", "cards": f"/g/{community}/cards",
    }
    finder = site.page()
    for stage, condition in STAGES.items():
        rows = site.read(
            f"""SELECT m.number, r.query_code FROM matter m JOIN report r ON r.first_matter_id = m.id WHERE {condition}
                ORDER BY m.opened_at DESC LIMIT 1""")
        assert rows, f"the demo has nothing that is {stage}"
        finder.goto("/find")
        finder.fill("#number", rows[0][0])
        finder.fill("#code", rows[0][1])
        finder.keyboard.press("Enter")
        finder.wait_for_url("**/r/*")
        addresses["progress-" + stage.replace(" ", "-")] = finder.url
        addresses.setdefault("receipt", finder.url + "/receipt")
    wrong = []
    for name, address in addresses.items():
        try:
            checks.widths(site, address, checks.PORTAL)
        except AssertionError as error:
            wrong.append(str(error))
        finder.goto(address)
        site.shot(finder, f"portal-{name}", whole=True)
    # A missing page says so to the console too.
    site.complaints = [complaint for complaint in site.complaints if "404" not in complaint]
    assert not wrong, "\n".join(wrong)
    checks.table(site)
    checks.quick(site, but="/cards")  # a print of many signs takes as long as it has signs
    by_keyboard(site, grid)
    signs(site, grid, community)


def by_keyboard(site, grid):
    """From the sign to the number without a finger: Tab, Enter, and words instead of a photo."""
    at = site.page(place=None)
    at.goto(f"/report?grid={grid}")
    for _ in range(40):
        at.keyboard.press("Tab")
        if at.evaluate("document.activeElement.id") == "words":
            break
    else:
        raise AssertionError("the words are not reached by Tab")
    at.keyboard.type("路灯不亮")
    for _ in range(6):
        at.keyboard.press("Tab")
        if at.evaluate("document.activeElement.matches('.foot [data-send]')"):
            break
    outline = at.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline != "none", "where the keys are is not seen"
    at.keyboard.press("Enter")
    at.wait_for_url("**/receipt*")
    # After a refusal the keys are at the sentence that says why.
    at.goto("/find")
    at.fill("#number", "2026-0101-0001")
    at.fill("#code", "1")
    at.keyboard.press("Enter")
    at.locator("#said").wait_for()
    assert at.evaluate("document.activeElement.id") == "said", "the keys are not at what was refused"
    assert at.input_value("#number") == "2026-0101-0001", "what was typed is lost"
    site.complaints = [complaint for complaint in site.complaints if "422" not in complaint]


def signs(site, grid, community):
    """Each sign fills exactly one page A4; its code is 4.5 cm and more and leads to the grid."""
    at = site.page(phone=False)
    for address in (f"/g/{grid}/card", f"/g/{grid}/card?lang=en", f"/g/{community}/cards", f"/g/{community}/cards?level=micro"):
        at.goto(address)
        cards = at.locator("article.card").count()
        at.emulate_media(media="print")
        for size in at.evaluate("""[...document.querySelectorAll("article.card")].map((card) => {
                const code = card.querySelector(".code svg"), width = code.getBoundingClientRect().width;
                const modules = code.viewBox.baseVal.width;
                return { code: width / 96 * 2.54 * (modules - 8) / modules, over: card.scrollHeight - card.clientHeight,
                         plan: card.querySelector(".plan svg")?.getBoundingClientRect().height ?? 999 }; })"""):
            assert size["code"] >= 4.5, f"the code is {size['code']:.1f} cm"
            assert size["over"] <= 1, f"{address}: {size['over']} px of a sign are cut off"
            assert size["plan"] > 150, f"{address}: the map is {size['plan']} px high"
        at.emulate_media(media="null")
        pages = at.pdf(prefer_css_page_size=True).count(b"/Type /Page\n")
        assert pages == cards, f"{address}: {cards} signs on {pages} pages"
        print(f"    {cards} signs on {pages} pages")
    site.shot(at, "signs")
