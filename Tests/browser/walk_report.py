"""From a photo to a confirmation: a resident, a micro-grid leader, the resident again, each on a phone."""


def walk(site):
    """A resident photographs, the leader of that micro-grid fixes it on the spot, the resident says that it is solved."""
    resident = site.page(place=site.place_of("micro_leader"))
    resident.goto("/")
    site.no_sideways(resident)
    site.tap(resident.locator("a[href='/report']").first)
    resident.locator("input[name=photo]").first.set_input_files(site.photo())
    site.taps += 1  # the shutter
    resident.locator("#where input[name=placed][value=phone]").wait_for(state="attached")
    site.no_sideways(resident)
    site.shot(resident, "report")
    site.tap(resident.locator(".foot button[data-send]"))
    resident.wait_for_url("**/receipt*")
    number = resident.locator("dl.codes dd").first.inner_text()
    assert site.typed == 0, "a report asks for nothing to be typed"
    assert site.taps <= 3, f"{site.taps} taps to report"
    site.no_sideways(resident)
    site.shot(resident, "receipt")
    resident.locator("main a.button.main").click()
    resident.wait_for_url("**/r/*")
    progress = resident.url
    steps = resident.locator("ol.steps li").count()
    assert steps >= 1, "the resident sees no step"

    leader = site.signed_in("micro_leader")
    leader.goto("/field")
    site.no_sideways(leader)
    site.shot(leader, "today")
    addresses = [link.get_attribute("href") for link in leader.locator("a.over").all()]
    for address in addresses:
        leader.goto(address)
        if leader.locator("header.mast b").first.inner_text() == number:
            break
    else:
        raise AssertionError(f"{number} is not among the {len(addresses)} matters of the leader")
    site.no_sideways(leader)
    site.shot(leader, "matter")
    leader.locator("main a.spot").click()
    leader.locator("form.act input[name=photo]").set_input_files(site.photo(seed=2))
    leader.locator(".toast").wait_for()
    site.shot(leader, "fixed")

    resident.goto(progress)
    assert resident.locator("ol.steps li").count() > steps, "the resident does not see what was done"
    site.no_sideways(resident)
    site.shot(resident, "ask")
    resident.locator("form[action$='/acts/confirm'] button").click()
    resident.locator("form.rates button").last.click()
    resident.wait_for_load_state()
    assert resident.locator("form[action$='/acts/confirm']").count() == 0, "the question stays after its answer"
    site.shot(resident, "confirmed")

    english = site.page(language="en-GB", phone=False)
    english.goto(progress)
    assert english.locator("html").get_attribute("lang") == "en"
    site.no_sideways(english)
