#!/usr/bin/env python3
"""Walks through the pages with a real browser, on a demo of its own.

Each file walk_*.py beside this one is a walk: a function `walk(site)` whose docstring says who does what. It fails by an exception
(`assert`, a time-out), and by any error the page's own scripts or policy report. At the end stands a table of taps and typed fields.
"""
import argparse
import glob
import importlib.util
import os
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import traceback
import urllib.request
import uuid

from playwright.sync_api import sync_playwright

PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}
DESK = {"viewport": {"width": 1440, "height": 900}}

# Said by Chromium without a graphics card, not by the page.
HARMLESS = ("GPU stall due to ReadPixels", "WebGL", "GL Driver Message")


class Site:
    """The server under test, and a browser to look at it."""

    # Role: the cookie of its session, for all walks.
    sessions = {}

    def __init__(self, address, sign_ins, browser, shots, scratch):
        self.address, self.sign_ins, self.browser, self.shots, self.scratch = address, sign_ins, browser, shots, scratch
        self.contexts, self.complaints = [], []
        self.taps = self.typed = 0
        # (path, bytes compressed, milliseconds) of each page that checks.page looked at.
        self.weighed = []

    def page(self, phone=True, language="zh-CN", place=(113.62, 34.75), javascript=True, **more):
        """A new visitor with a browser of his own; `place` is (longitude, latitude), None refuses it."""
        options = dict(PHONE if phone else DESK, locale=language, java_script_enabled=javascript, **more)
        if place:
            options |= {"geolocation": {"longitude": place[0], "latitude": place[1]}, "permissions": ["geolocation"]}
        context = self.browser.new_context(base_url=self.address, **options)
        context.set_default_timeout(40_000)
        self.contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        page.on("console", lambda message: self._console(page, message))
        return page

    def _console(self, page, message):
        if message.type == "error" and not any(word in message.text for word in HARMLESS):
            self.complaints.append(f"{page.url}: {message.text}")

    def signed_in(self, role, phone=True, **more):
        """A page on which somebody of a role has signed in."""
        name, password = self.sign_ins[role]
        page = self.page(phone, **more)
        # One session for each role as long as it lives: the server counts sign-ins of one address.
        if role in self.sessions:
            page.context.add_cookies([self.sessions[role]])
        page.goto("/sign-in")
        if "/sign-in" in page.url:
            page.fill("input[name=name]", name)
            page.fill("input[name=password]", password)
            page.click("main form[action='/sign-in'] button")
            page.wait_for_load_state()
            assert "/sign-in" not in page.url, f"{role} could not sign in"
            self.sessions[role] = next(cookie for cookie in page.context.cookies() if cookie["name"] == "weiwang")
        # The account's own language goes before the browser's: the switch in the head of the page goes before both.
        page.goto("/me?lang=" + ("en" if more.get("language", "").startswith("en") else "zh-Hans"))
        return page

    def place_of(self, role):
        """Longitude and latitude of a matter that somebody of a role had lately."""
        with sqlite3.connect(os.path.join(self.scratch, "data", "weiwang.sqlite")) as connection:
            return connection.execute(
                """SELECT m.lon, m.lat FROM account a JOIN holding h ON h.person_id = a.person_id JOIN part p ON p.post_id = h.post_id
                   JOIN matter m ON m.id = p.matter_id
                   WHERE a.name = ? AND m.lon IS NOT NULL AND p.ask_id IS NULL ORDER BY p.offered_at DESC LIMIT 1""",
                [self.sign_ins[role][0]]).fetchone()

    def grid_of(self, role):
        """Id and name of the grid at which somebody of a role has a post."""
        with sqlite3.connect(os.path.join(self.scratch, "data", "weiwang.sqlite")) as connection:
            blob, name = connection.execute(
                """SELECT g.id, g.name FROM account a JOIN holding h ON h.person_id = a.person_id JOIN post p ON p.id = h.post_id
                   JOIN grid g ON g.id = p.grid_id WHERE a.name = ?""", [self.sign_ins[role][0]]).fetchone()
        return self.id(blob), name

    @staticmethod
    def id(value):
        """An id as addresses write it."""
        return str(uuid.UUID(bytes=value)) if isinstance(value, bytes) else value

    def read(self, sql, *values):
        """Rows of the demo's database, which the server goes on writing."""
        with sqlite3.connect(f"file:{os.path.join(self.scratch, 'data', 'weiwang.sqlite')}?mode=ro", uri=True) as connection:
            return connection.execute(sql, values).fetchall()

    def photo(self, seed=1):
        """A picture as a camera would give it."""
        path = os.path.join(self.scratch, f"photo-{seed}.jpg")
        if not os.path.exists(path):
            subprocess.run(["vips", "gaussnoise", path, "640", "480", "--mean", "128", "--sigma", "30", "--seed", str(seed)], check=True)
        return path

    def tap(self, locator):
        self.taps += 1
        locator.click()

    def shutter(self, locator, seed=1):
        """One press on a camera button, and the picture is there."""
        self.taps += 1
        locator.set_input_files(self.photo(seed))

    def within(self, what, taps, typed, began):
        """Says and holds how many taps and typed fields a job took since `began` = (taps, typed)."""
        had = (self.taps - began[0], self.typed - began[1])
        print(f"  {what}: {had[0]} taps, {had[1]} typed fields (at most {taps}, {typed})")
        assert had[0] <= taps and had[1] <= typed, f"{what}: {had[0]} taps and {had[1]} typed fields"

    def counted(self):
        return self.taps, self.typed

    def type(self, locator, text):
        self.typed += 1
        locator.fill(text)

    def shot(self, page, name, whole=False):
        """A picture of the page (of all of it, not only the screen), in the folder WEIWANG_SHOTS (test-results/browser; empty: none)."""
        if self.shots:
            page.screenshot(path=os.path.join(self.shots, name + ".png"), full_page=whole)

    def no_sideways(self, page):
        """Nothing stands out of the screen at the right."""
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{page.url} is {wide} pixels wider than the screen"

    def close(self):
        for context in self.contexts:
            context.close()
        self.contexts = []


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start(weiwang, scratch):
    """A demo, and a server on it; gives its address, process and sign-ins."""
    folder = os.path.join(scratch, "data")
    demo = subprocess.run([weiwang, "demo", "--data", folder], capture_output=True, text=True, timeout=600)
    if demo.returncode:
        raise RuntimeError(f"weiwang demo ended with {demo.returncode}: {demo.stderr[-2000:]}")
    sign_ins = {}
    for line in demo.stdout.splitlines():
        words = line.split()
        if len(words) == 3:
            sign_ins.setdefault(words[0], (words[1], words[2]))
    port = free_port()
    log = open(os.path.join(scratch, "server.log"), "wb")
    server = subprocess.Popen([weiwang, "serve", "--data", folder, "--port", str(port)], stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    for _ in range(300):
        if server.poll() is not None:
            raise RuntimeError(f"the server ended by itself with {server.returncode}")
        try:
            if urllib.request.urlopen(address + "/", timeout=5).status == 200:
                return address, server, sign_ins
        except OSError:
            time.sleep(0.1)
    server.kill()
    raise RuntimeError("the server did not answer within 30 s")


def load(path):
    name = os.path.splitext(os.path.basename(path))[0]
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return name, module.walk


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weiwang", required=True)
    parser.add_argument("--scratch", required=True)
    parser.add_argument("--sum", help="file to leave 'passed failed' in")
    parser.add_argument("--only", default="", help="parts of walks' names, with commas")
    arguments = parser.parse_args()

    shutil.rmtree(arguments.scratch, ignore_errors=True)
    os.makedirs(arguments.scratch)
    shots = os.environ.get("WEIWANG_SHOTS", os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../test-results/browser"))
    if shots:
        os.makedirs(shots, exist_ok=True)
    passed = failed = 0
    table = []
    server = None
    try:
        address, server, sign_ins = start(os.path.abspath(arguments.weiwang), arguments.scratch)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
            sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
            for path in sorted(glob.glob(os.path.join(os.path.dirname(os.path.abspath(__file__)), "walk_*.py"))):
                if not any(part in path for part in arguments.only.split(",")):
                    continue
                site = Site(address, sign_ins, browser, shots, arguments.scratch)
                name, began = os.path.basename(path), time.monotonic()
                try:
                    name, walk = load(path)
                    walk(site)
                    if site.complaints:
                        raise AssertionError("the page complained: " + "; ".join(site.complaints[:5]))
                    passed += 1
                    print(f"passed: {name} in {time.monotonic() - began:.1f} s", flush=True)
                except Exception:  # a walk may fail in any way; the next one still runs
                    failed += 1
                    print(f"failed: {name}", flush=True)
                    traceback.print_exc(file=sys.stdout)
                    for complaint in site.complaints[:5]:
                        print(f"  the page complained: {complaint}")
                finally:
                    table.append((name, site.taps, site.typed))
                    site.close()
            browser.close()
    except (RuntimeError, OSError, subprocess.SubprocessError) as error:
        failed += 1
        print(f"failed: browser walks: {error}")
    finally:
        if server:
            server.terminate()
            try:
                server.wait(15)
            except subprocess.TimeoutExpired:
                server.kill()
        shutil.rmtree(arguments.scratch, ignore_errors=True)
    for name, taps, typed in table:
        print(f"  {name:32} {taps:3} taps {typed:3} typed fields")
    if arguments.sum:
        with open(arguments.sum, "w", encoding="utf-8") as file:
            print(passed, failed, file=file)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
