"""The administrator's map: split, merge, a moved border, undo and redo, by mouse, finger and keys; what it would move; carried out, and the past."""

import math

import checks

LOOK = """() => Object.fromEntries([...document.querySelectorAll('.grid-name')].map((one) => {
  const box = one.getBoundingClientRect();
  return [one.firstChild.data, [box.left + box.width / 2, box.top + box.height / 2]];
}))"""


class Net:
    """A page with the map, and where on the screen things of the last answer are."""

    def __init__(self, page, grid):
        self.page, self.net = page, None
        page.on("response", self.heard)
        page.goto("/admin/map?grid=" + grid)
        self.ready()

    def heard(self, response):
        if "/admin/map/draft" in response.url or "/admin/map/net" in response.url:
            if response.status == 200:
                self.net = {one["properties"]["id"]: one for one in response.json()["net"]["features"]}

    def ready(self):
        self.page.wait_for_selector("main[data-map=ready]", timeout=60_000)
        self.page.wait_for_timeout(800)

    def ring(self, grid):
        geometry = self.net[grid]["geometry"]
        return geometry["coordinates"][0] if geometry["type"] == "Polygon" else geometry["coordinates"][0][0]

    def place(self, at):
        """Where a place is on the screen, from two names that stand on the map."""
        seen = self.page.evaluate(LOOK)
        known = [(one["properties"], seen[one["properties"]["name"]]) for one in self.net.values()
                 if one["properties"]["depth"] == 1 and one["properties"]["name"] in seen]
        north = lambda lat: math.log(math.tan(math.pi / 4 + math.radians(lat) / 2))
        def line(value, pixel, here):
            (v, p), (w, q) = min((value(a), a_) for a, a_ in pixel), max((value(a), a_) for a, a_ in pixel)
            return p + (here - v) / (w - v) * (q - p)
        x = line(lambda one: one["lon"], [(one, place[0]) for one, place in known], at[0])
        y = line(lambda one: north(one["lat"]), [(one, place[1]) for one, place in known], north(at[1]))
        return x, y

    def label(self, grid):
        return self.place([self.net[grid]["properties"]["lon"], self.net[grid]["properties"]["lat"]])

    def click(self, at):
        self.page.mouse.move(*at)
        self.page.mouse.click(*at)

    def inner(self):
        return self.page.eval_on_selector_all("[data-inner] li", "(rows) => rows.map((row) => row.dataset.grid)")

    def pick(self, grid):
        self.page.locator(f"[data-inner] li[data-grid='{grid}'] [data-pick]").click()
        self.page.wait_for_selector(f"[data-inner] li[data-grid='{grid}'][aria-current]")
        self.page.wait_for_timeout(600)

    def count(self, count):
        self.page.wait_for_function("(count) => document.querySelectorAll('[data-inner] li').length === count", arg=count)
        self.page.wait_for_timeout(150)

    def until(self, test):
        """Waits for an answer that makes something true."""
        for _ in range(100):
            if test():
                return True
            self.page.wait_for_timeout(100)
        return False

    def said(self):
        said = self.page.locator("[data-said]")
        return said.inner_text() if said.is_visible() else ""


def walk(site):
    """The administrator divides a community's grids on the map, sees what would move, carries it out and looks at the day before."""
    page = site.signed_in("admin", phone=False)
    grid = site.id(site.read(
        """SELECT p.grid_id FROM grid_path p JOIN grid_path q ON q.parent_id = p.grid_id
           WHERE p.to_day = '9999-12-31' AND q.to_day = '9999-12-31' AND NOT EXISTS (SELECT 1 FROM grid_path r WHERE r.parent_id = q.grid_id)
           GROUP BY p.grid_id, p.path HAVING count(*) BETWEEN 4 AND 9 ORDER BY p.path LIMIT 1""")[0][0])
    net = Net(page, grid)
    checks.page(site, page, checks.DESK, weigh=False)
    site.shot(page, "net")
    before = net.inner()

    # Split along a line that is drawn from outside to outside; near a border its points snap.
    first = max(before, key=lambda one: site_area(net.ring(one)))
    net.pick(first)
    page.click("[data-tool=split]")
    ring = [net.place(at) for at in net.ring(first)]
    middle = net.label(first)
    for at in (min(ring)[0] - 15, middle[1]), middle, (max(ring)[0] + 15, middle[1]):
        net.click(at)
    page.click("[data-do=finish]")
    net.count(len(before) + 1)
    assert page.locator("[data-list] li").count() == 2 and "没有缝隙" in page.locator("[data-soundness]").inner_text()
    site.shot(page, "net-split")

    # Undo and redo by keys; a reload keeps both.
    page.keyboard.press("Control+z")
    net.count(len(before))
    page.keyboard.press("Control+Shift+z")
    net.count(len(before) + 1)
    page.reload()
    net.ready()
    net.count(len(before) + 1)
    assert net.said(), "the draft survives a reload, and the page says so"

    # A border moves, and its neighbours with it: nothing is unsound.
    net.pick(first)
    shared = [at for at in net.ring(first)[:-1] if sum(at in net.ring(one) for one in net.inner()) == 2]
    point = max(shared, key=lambda at: distance_to_others(net, at, net.ring(first)))
    here = net.place(point)
    page.mouse.move(*here)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(here[0] + step * 2, here[1] + step)
    page.mouse.up()
    assert net.until(lambda: point not in net.ring(first)) and not net.said(), net.said()
    assert all(point not in net.ring(one) for one in net.inner()), "both sides follow"
    assert "没有缝隙" in page.locator("[data-soundness]").inner_text()
    site.shot(page, "net-moved")
    page.click("[data-do=undo]")
    page.wait_for_timeout(500)
    page.click("[data-do=redo]")
    page.wait_for_timeout(500)

    # By keys alone: the next point, ten pixels to the right.
    rings = str(net.ring(first))
    page.locator(".maplibregl-canvas").focus()
    page.keyboard.press("]")
    page.keyboard.press("Shift+ArrowRight")
    assert net.until(lambda: str(net.ring(first)) != rings or net.said()), "the point moved, or the page says why not"
    page.keyboard.press("Escape")
    page.keyboard.press("Control+z")
    page.wait_for_timeout(500)

    # A line that does not go through is refused in words, and can be drawn on.
    net.pick(first)
    page.click("[data-tool=split]")
    here = net.label(first)
    net.click(here)
    net.click((here[0] + 25, here[1] + 5))
    page.click("[data-do=finish]")
    page.wait_for_selector("[data-said]:not([hidden])")
    assert "没有把网格分开" in net.said(), net.said()
    # The browser notes the refusal too.
    site.complaints[:] = [one for one in site.complaints if "422" not in one]
    page.click("[data-do=cancel]")

    # A grid drawn over others takes its land from them; taken back.
    page.click("[data-tool=draw]")
    for x, y in (-30, -20), (30, -20), (30, 20), (-30, 20), (-30, -20):
        net.click((here[0] + x, here[1] + y))
    net.count(len(before) + 2)
    page.click("[data-do=undo]")
    net.count(len(before) + 1)

    # Two neighbours as one, and taken back.
    made = next(one for one in net.inner() if one not in before)
    net.pick(first)
    page.click("[data-tool=merge]")
    net.click(net.label(made))
    net.count(len(before))
    page.keyboard.press("Control+z")
    net.count(len(before) + 1)

    # What would move is shown first; then it is done.
    page.click("[data-do=rehearse]")
    page.wait_for_selector("[data-effect]:not([hidden])")
    assert page.locator("[data-rows] tr").count() >= 2 and "岗位" in page.locator("[data-lines]").inner_text()
    site.no_sideways(page)
    page.locator("[data-do=apply]").scroll_into_view_if_needed()
    site.shot(page, "net-effect")
    page.click("[data-do=apply]")
    page.wait_for_selector(".net-side .say.act:not([data-without])")
    net.ready()
    net.count(len(before) + 1)
    assert made in net.inner() and page.locator("[data-list] li").count() == 0, "it is done, and the draft is over"

    # The day before by the slider: the net as it was, to look at only.
    page.locator("[data-slider] input").focus()
    page.keyboard.press("ArrowLeft")
    net.count(len(before))
    assert page.locator(".net-tools").is_hidden()
    page.keyboard.press("ArrowRight")
    net.count(len(before) + 1)
    page.check("[data-coverage] input")
    page.wait_for_selector(".grid-name small")
    site.shot(page, "net-coverage")

    # With a finger, in English.
    phone = site.signed_in("admin", phone=True, language="en")
    hand = Net(phone, grid)
    site.no_sideways(phone)
    checks.page(site, phone, checks.DESK, weigh=False)
    small = [one.inner_text() for one in phone.locator(".net-tools button:visible").all() if one.bounding_box()["height"] < 44]
    assert not small, small
    phone.touchscreen.tap(*hand.label(first))
    phone.wait_for_selector("[data-chosen]:not([hidden])")
    site.shot(phone, "net-phone", whole=True)
    at = max(hand.ring(first)[:-1], key=lambda at: distance_to_others(hand, at, hand.ring(first)))
    drag(phone, hand.place(at), 18, 12)
    assert hand.until(lambda: at not in hand.ring(first)) and not hand.said(), hand.said()
    assert all(at not in hand.ring(one) for one in hand.inner()), "both sides follow the finger"
    site.shot(phone, "net-finger")

    # Without JavaScript the picture and the list are there.
    still = site.signed_in("admin", phone=False, javascript=False)
    still.goto("/admin/map?grid=" + grid)
    assert still.locator(".net-map svg").is_visible() and still.locator("[data-inner] li").count() == len(before) + 1
    assert still.locator("noscript").count()
    site.shot(still, "net-picture")


def drag(page, begin, right, down):
    """One finger, from a place on the screen."""
    touch = page.context.new_cdp_session(page)
    def send(kind, step):
        points = [] if kind == "touchEnd" else [{"x": begin[0] + right * step / 6, "y": begin[1] + down * step / 6}]
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
        page.wait_for_timeout(30)
    send("touchStart", 0)
    for step in range(1, 7):
        send("touchMove", step)
    send("touchEnd", 6)


def site_area(ring):
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:])))


def distance_to_others(net, at, ring):
    here = net.place(at)
    return min(math.dist(here, net.place(other)) for other in ring if other != at)
