"""The network goes and comes back, the phone reloads the page, its position is late: nothing is lost, nothing counts twice."""


def walk(site):
    """A resident on a bad line reports with a photo."""
    sent_by_itself(site)
    photo_follows(site)
    reloaded(site)
    late_position(site)
    # The browser says of each cut line that it was cut.
    site.complaints = [complaint for complaint in site.complaints if "ERR_" not in complaint]


def begin(site, place=None, **more):
    at = site.page(place=place or site.place_of("micro_leader"), **more)
    at.goto("/report")
    return at


def shoot(site, at, seed):
    at.locator("input[name=photo]").first.set_input_files(site.photo(seed=seed))
    at.locator(".shots figure.photo").first.wait_for()


def placed(at, how="phone"):
    at.locator(f"#where input[name=placed][value={how}]").wait_for(state="attached")


def reports(site):
    return site.read("SELECT COUNT(*) FROM report")[0][0]


def sent_by_itself(site):
    """Sent without a network: the page says so, and sends by itself when there is one; once."""
    at, before = begin(site), reports(site)
    shoot(site, at, 11)
    placed(at)
    at.context.set_offline(True)
    at.locator(".foot [data-send]").click()
    said = at.locator("[data-said]")
    said.wait_for()
    assert "有网会自动再送" in said.inner_text() and at.evaluate("document.activeElement.matches('[data-said]')")
    site.shot(at, "offline")
    at.context.set_offline(False)
    at.wait_for_url("**/receipt*")
    at.go_back()
    at.go_forward()
    assert reports(site) == before + 1, "it did not count once"


def photo_follows(site):
    """The report is in, the line breaks before its photo: the receipt says so and goes on; another page sends it later."""
    at, before = begin(site), reports(site)
    shoot(site, at, 12)
    placed(at)
    at.route("**/r/*/photo", lambda route: route.abort("internetdisconnected"))
    at.locator(".foot [data-send]").click()
    at.wait_for_url("**/receipt*")
    state = at.locator("[data-state]")
    state.wait_for()
    assert "还没送到" in state.inner_text() and state.get_attribute("role") == "status"
    at.locator("progress[aria-label]").wait_for()
    site.no_sideways(at)
    site.shot(at, "photo-awaited")
    receipt = at.url
    # Nobody waits on the receipt: the photo goes from whatever page of ours is opened next.
    at.unroute("**/r/*/photo")
    with at.expect_response("**/r/*/photo") as answer:
        at.goto("/")
    assert answer.value.status == 200
    at.goto(receipt)
    assert at.locator("[data-state]").count() == 0, "the receipt goes on waiting for a photo that is there"
    assert reports(site) == before + 1
    rows = site.read("SELECT COUNT(*), SUM(state = 'here') FROM photo WHERE report_id = (SELECT id FROM report ORDER BY at DESC LIMIT 1)")
    assert rows == [(1, 1)], f"photos: {rows}"


def reloaded(site):
    """Phones reload a page while its camera is open: photo, words and the report's id are there again."""
    at, before = begin(site), reports(site)
    shoot(site, at, 13)
    at.locator("#words").fill("早上就在")
    placed(at)
    mine = at.locator("input[name=id]").input_value()
    at.reload()
    at.locator(".shots figure.photo").first.wait_for()
    assert at.locator("input[name=id]").input_value() == mine and at.locator("#words").input_value() == "早上就在"
    placed(at)
    for _ in range(2):  # an impatient thumb
        at.locator(".foot [data-send]").dispatch_event("click")
    at.wait_for_url("**/receipt*")
    at.goto("/report")
    assert at.locator(".shots figure.photo").count() == 0, "what was sent comes back"
    assert reports(site) == before + 1


LATE = """
navigator.geolocation.getCurrentPosition = (found) => { window.arrive = () => found({ coords: { longitude: %s, latitude: %s, accuracy: 12 } }); };
"""


def late_position(site):
    """A position that comes late is waited for on sending, and never moves a place that was tapped meanwhile."""
    lon, lat = site.place_of("micro_leader")
    at = site.page(place=None)
    at.add_init_script(LATE % (lon, lat))
    at.goto("/report")
    shoot(site, at, 14)
    at.locator(".foot [data-send]").click()
    at.wait_for_timeout(300)
    assert "/receipt" not in at.url and "正在找" in at.locator(".foot [data-send]").inner_text()
    at.evaluate("arrive()")
    at.wait_for_url("**/receipt*")

    at.goto("/report")
    shoot(site, at, 15)
    at.locator("#where input[type=image]").click(position={"x": 320, "y": 120})
    placed(at, "tap")
    tapped = at.locator("#where input[name=lon]").input_value()
    at.evaluate("arrive()")
    at.wait_for_timeout(400)
    assert at.locator("#where input[name=placed]").input_value() == "tap"
    assert at.locator("#where input[name=lon]").input_value() == tapped, "a late position moved the tapped place"

    refused = site.page(place=None)
    refused.goto("/report")
    shoot(site, refused, 16)
    refused.locator("#where [data-how]", has_text="没有给出位置").wait_for()
    refused.locator(".foot [data-send]").click()
    refused.locator("[data-said]", has_text="点一下问题在哪里").wait_for()
    assert refused.locator(".shots figure.photo").count() == 1, "a refusal lost the photo"
    site.shot(refused, "no-place")
    # 422 is what the server answers to a report without a place.
    site.complaints = [complaint for complaint in site.complaints if "422" not in complaint]
