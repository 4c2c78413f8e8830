#!/usr/bin/env python3
"""Takes the pictures of README.md and docs/ anew, from a demo that is served.

    scripts/pictures.py [--address http://localhost:8080] [--out docs]
"""
import argparse
import os
import subprocess

from playwright.sync_api import sync_playwright

MOST = 300_000

# File, who looks, path, size, what must be there before, what is pressed then.
PICTURES = [
    ("desk.png", "officer", "/desk", (1440, 900), "main", ".rows li:has(img) a"),
    ("battle-map.png", "center", "/command/map?at={day}T16:00", (1920, 1080), "main[data-map=ready]", None),
]


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--address", default="http://localhost:8080")
    options.add_argument("--out", default="docs")
    options = options.parse_args()
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for name, who, path, size, ready, press in PICTURES:
            context = browser.new_context(base_url=options.address, viewport={"width": size[0], "height": size[1]}, locale="zh-CN")
            page = context.new_page()
            page.goto("/sign-in")
            page.fill("input[name=name]", who)
            page.fill("input[name=password]", "weiwang-" + who)
            page.click("main form[action='/sign-in'] button")
            page.wait_for_load_state()
            page.goto("/me?lang=zh-Hans")
            if "{day}" in path:
                page.goto(path.split("?")[0])
                # The last whole day that people worked on.
                page.locator(".replay .day a").first.wait_for()
                path = path.replace("{day}", working_day(page))
            page.goto(path)
            page.wait_for_selector(ready, timeout=120_000)
            if press and page.locator(press).count():
                page.locator(press).first.click()
                page.wait_for_load_state()
            page.wait_for_timeout(6000)
            shot = os.path.join(options.out, name)
            page.screenshot(path=shot + ".whole.png")
            subprocess.run(["vips", "pngsave", shot + ".whole.png", shot, "--palette", "--compression", "9", "--effort", "10"], check=True)
            os.remove(shot + ".whole.png")
            weight = os.path.getsize(shot)
            print(f"{shot}: {weight} bytes")
            assert weight < MOST, f"{shot} is too heavy"
            context.close()
        browser.close()


def working_day(page):
    import datetime
    day = datetime.date.fromisoformat(page.locator("[data-moment]").get_attribute("value")[:10]) - datetime.timedelta(days=1)
    while day.weekday() > 4:
        day -= datetime.timedelta(days=1)
    return day.isoformat()


main()
