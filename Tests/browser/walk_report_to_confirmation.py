"""From the address on a grid's sign to the confirmation, on phones; with JavaScript, and without it."""


def walk(site):
    """A resident opens a grid's address and reports by photo alone; its leader accepts and fixes it; the resident confirms by the private link."""
    for javascript in (True, False):
        once(site, javascript)


def once(site, javascript):
    kind = "js" if javascript else "nojs"
    grid, name = site.grid_of("micro_leader")
    before = site.taps
    resident = site.page(javascript=javascript, place=site.place_of("micro_leader") if javascript else None)
    resident.goto(f"/g/{grid}")
    assert name in resident.locator("h1").inner_text(), "the sign leads to another grid"
    site.no_sideways(resident)
    site.shot(resident, f"sign-{kind}")
    site.tap(resident.locator("a.button.main"))
    resident.wait_for_url("**/report?grid=*")
    resident.locator("input[name=photo]").first.set_input_files(site.photo(seed=3 if javascript else 4))
    site.taps += 1  # the shutter
    site.no_sideways(resident)
    site.shot(resident, f"form-{kind}")
    site.tap(resident.locator(".foot button[data-send]"))
    resident.wait_for_url("**/receipt*")
    taps = site.taps - before
    print(f"  {kind}: {taps} taps from the sign to the number")
    assert site.typed == 0, "a report asks for nothing to be typed"
    assert taps <= 4, f"{taps} taps to report"
    number, code = [cell.inner_text() for cell in resident.locator("dl.codes dd").all()][:2]
    assert len(code) == 6 and code.isdigit() and number.count("-") == 2, f"{number} {code}"
    site.no_sideways(resident)
    site.shot(resident, f"number-{kind}")
    resident.locator("main a.button.main").click()
    resident.wait_for_url("**/r/*")
    progress = resident.url
    steps = resident.locator("ol.steps li").count()

    leader = site.signed_in("micro_leader", javascript=javascript)
    leader.goto("/field")
    site.shot(leader, f"today-{kind}")
    for address in [link.get_attribute("href") for link in leader.locator("a.over").all()]:
        leader.goto(address)
        if leader.locator("header.mast b").first.inner_text() == number:
            break
    else:
        raise AssertionError(f"{number} is not among the leader's matters")
    leader.locator("form[action$='/acts/accept'] button").click()
    leader.wait_for_load_state()
    leader.locator("main a.spot").click()
    leader.locator("form.act input[name=photo]").set_input_files(site.photo(seed=5))
    if not javascript:
        leader.locator("form.act button[data-main]").click()
    leader.locator(".toast").wait_for()
    site.no_sideways(leader)
    site.shot(leader, f"fixed-{kind}")

    resident.goto(progress)
    assert resident.locator("ol.steps li").count() > steps, "the resident does not see what was done"
    site.shot(resident, f"ask-{kind}")
    resident.locator("form[action$='/acts/confirm'] button").click()
    resident.locator("form.rates button").last.wait_for()
    assert resident.locator("form[action$='/acts/confirm']").count() == 0, "the question stays after its answer"
    site.no_sideways(resident)
    site.shot(resident, f"confirmed-{kind}")

    # Number and code open the same page, on another phone.
    other = site.page(javascript=javascript)
    other.goto("/find")
    other.locator("input[name=number]").fill(number)
    other.locator("input[name=code]").fill(code)
    other.locator("main form button").last.click()
    other.wait_for_url("**/r/*")
    assert number in other.locator("main").inner_text()
