#!/usr/bin/env python3
"""How many frames a second the battle map keeps while it is moved, with many open matters, beside the same map without any.

Copies a demo, opens as many more matters on the land of one subdistrict as are asked for, serves it, and moves the map with the keyboard:
first with the tiles of matters held back (the limit of this machine), then as it is. Without a graphics card the numbers are those of
software drawing; what tells is the second beside the first.

    scripts/bench-map.py --data data/demo [--matters 10000] [--weiwang .build/release/weiwang]
"""
import argparse
import hashlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
import urllib.request

from playwright.sync_api import sync_playwright

COUNT = """() => {
    if (!window.beats) { const beat = (at) => { window.beats.push(at); requestAnimationFrame(beat); }; requestAnimationFrame(beat); }
    window.beats = [];
}"""


def cell(lon, lat):
    import math
    side = 1 << 26
    x = int((lon + 180) / 360 * side)
    y = int((1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2 * side)
    return sum(((x >> bit & 1) << 2 * bit) | ((y >> bit & 1) << 2 * bit + 1) for bit in range(26))


def fill(data, count):
    """Opens matters at the places of those there are, moved by up to 60 m; every seventh is late, two of three passed on."""
    base = sqlite3.connect(data + "/weiwang.sqlite")
    base.row_factory = sqlite3.Row
    top = base.execute("SELECT h.path_now FROM account a JOIN holding g ON g.person_id = a.person_id JOIN post h ON h.id = g.post_id "
                       "WHERE a.name = 'center' LIMIT 1").fetchone()[0]
    rows = base.execute("SELECT * FROM matter WHERE lon IS NOT NULL AND state <> 'merged' AND substr(path_now, 1, ?) = ?", (len(top), top)).fetchall()
    now = int(time.time() * 1000)
    chance = random.Random(1)
    names = rows[0].keys()
    for index in range(count):
        row = dict(chance.choice(rows))
        row["lon"] += chance.uniform(-6e-4, 6e-4)
        row["lat"] += chance.uniform(-6e-4, 6e-4)
        row |= {
            "id": (now // 1000 * 1000).to_bytes(6, "big") + b"\x70\x01" + hashlib.sha256(f"bench {index}".encode()).digest()[:8],
            "number": f"bench {index}", "state": "open", "spot": 0, "passed": index % 3 != 0, "reopened": 0, "outcome": None, "confirmed": None,
            "done_at": None, "closed_at": None, "merged_into": None, "opened_at": now - index, "cell": cell(row["lon"], row["lat"]),
            "due_at": now + (-3_600_000 if index % 7 == 0 else 86_400_000),
        }
        base.execute(f"INSERT INTO matter ({','.join(names)}) VALUES ({','.join('?' * len(names))})", [row[name] for name in names])
    base.commit()
    total = base.execute("SELECT count(*) FROM matter WHERE state = 'open' AND substr(path_now, 1, ?) = ?", (len(top), top)).fetchone()[0]
    base.close()
    return total


def frames(page, seconds):
    """Moves the map for a while. - Returns: frames a second, and what one frame cost the page's own thread in milliseconds of processor."""
    page.bring_to_front()
    page.focus(".map canvas")
    inside = page.context.new_cdp_session(page)
    inside.send("Performance.enable", {"timeDomain": "threadTicks"})
    busy = lambda: next(one["value"] for one in inside.send("Performance.getMetrics")["metrics"] if one["name"] == "TaskDuration")
    page.evaluate(COUNT)
    end = time.time() + seconds
    keys = ["ArrowRight", "ArrowRight", "=", "ArrowDown", "=", "ArrowLeft", "ArrowLeft", "-", "ArrowUp", "-"]
    index, before = 0, busy()
    while time.time() < end:
        page.keyboard.press(keys[index % len(keys)])
        index += 1
        page.wait_for_timeout(250)
    cost = busy() - before
    beats = page.evaluate("window.beats.splice(0)")
    return 1000 * (len(beats) - 1) / (beats[-1] - beats[0]), 1000 * cost / len(beats)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--data", required=True)
    options.add_argument("--matters", type=int, default=10_000)
    options.add_argument("--weiwang", default=".build/release/weiwang")
    options.add_argument("--port", type=int, default=18_777)
    options.add_argument("--seconds", type=float, default=12)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--size", default="1920x1080")
    options = options.parse_args()
    folder = tempfile.mkdtemp(prefix="bench-map-")
    try:
        for name in ("weiwang.sqlite", "weiwang.sqlite-wal"):
            if os.path.exists(f"{options.data}/{name}"):
                shutil.copy(f"{options.data}/{name}", folder)
        total = fill(folder, options.matters)
        server = subprocess.Popen([options.weiwang, "serve", "--data", folder, "--port", str(options.port)], stderr=subprocess.DEVNULL)
        try:
            measure(f"http://127.0.0.1:{options.port}", options, total)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(20)
    finally:
        shutil.rmtree(folder)


def measure(address, options, total):
    for _ in range(120):
        try:
            urllib.request.urlopen(address + "/health").close()
            break
        except OSError:
            time.sleep(0.5)
    width, height = map(int, options.size.split("x"))
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        context = browser.new_context(base_url=address, viewport={"width": width, "height": height})
        page = context.new_page()
        page.goto("/sign-in")
        page.fill("input[name=name]", "center")
        page.fill("input[name=password]", "weiwang-center")
        page.click("main form[action='/sign-in'] button")
        page.wait_for_load_state()
        pages, found = {}, {}
        for name in ("without", "with"):
            pages[name] = page = context.new_page()
            if name == "without":
                page.route("**/tiles/matters/**", lambda route: route.fulfill(status=204))
            page.goto("/command/map")
            page.wait_for_selector("main[data-map=ready]", timeout=120_000)
            page.wait_for_timeout(4000)
            frames(page, 4)
        # In turns, so that whatever else the machine does falls on both.
        for _ in range(options.rounds):
            for name, page in pages.items():
                found.setdefault(name, []).append(frames(page, options.seconds))
        middle = {name: [sorted(values)[len(values) // 2] for values in zip(*rounds)] for name, rounds in found.items()}
        for name, rounds in found.items():
            print(f"{name:8} matters: " + ", ".join(f"{rate:.1f} frames/s ({cost:.1f} ms)" for rate, cost in rounds))
        (a, cost), (b, full) = middle["without"], middle["with"]
        print(f"{total} open matters, {options.size}, middle of {options.rounds}: {b:.1f} beside {a:.1f} frames/s without any, ratio {b / a:.2f}; "
              f"the page's own work {full:.1f} beside {cost:.1f} ms a frame, of 33.3 that 30 frames/s leave")
        browser.close()


main()
