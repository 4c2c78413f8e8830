"""What the tests with several nodes share: somebody who signs in and listens, and when each report was acknowledged."""
import http.client
import json
import re
import threading
import time
import urllib.parse

from place import Ledger


class Clocked(dict):
    """Remembers when each was acknowledged."""

    def __init__(self):
        super().__init__()
        self.at = {}

    def __setitem__(self, key, value):
        self.at[key] = time.monotonic()
        super().__setitem__(key, value)


def ledger():
    made = Ledger()
    made.acknowledged = Clocked()
    return made


def silence(times, since):
    """The longest time without an acknowledgement after an instant."""
    marks = [since] + sorted(at for at in times if at > since)
    return max((later - earlier for earlier, later in zip(marks, marks[1:])), default=float("inf"))


def visit(place, path, cookie="", fields=None):
    """A page, or a form that is sent. Returns status, cookies and the page's form token."""
    connection = http.client.HTTPConnection("127.0.0.1", place.port, timeout=20)
    try:
        headers = {"Cookie": cookie} if cookie else {}
        if fields:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        connection.request("POST" if fields else "GET", path, urllib.parse.urlencode(fields) if fields else None, headers)
        answer = connection.getresponse()
        token = re.search(rb'name="csrf" value="([^"]*)"', answer.read())
        set_here = [line.split(";")[0] for line in answer.headers.get_all("Set-Cookie", [])]
        return answer.status, "; ".join(filter(None, [cookie, *set_here])), token[1].decode() if token else ""
    finally:
        connection.close()


def sign_in(place, name, password):
    _, cookie, token = visit(place, "/sign-in")
    status, cookies, _ = visit(place, "/sign-in", cookie, {"csrf": token, "name": name, "password": password})
    if status != 303:
        raise RuntimeError(f"sign-in answered {status}")
    return next(cookie for cookie in reversed(cookies.split("; ")) if cookie.startswith("weiwang="))


class Stream:
    """What somebody hears on /live of one node."""

    def __init__(self, place, cookie):
        self.heard, self.ended = {}, None
        connection = http.client.HTTPConnection("127.0.0.1", place.port, timeout=60)
        connection.request("GET", "/live", headers={"Cookie": cookie})
        self.answer = connection.getresponse()
        if self.answer.status != 200:
            raise RuntimeError(f"/live answered {self.answer.status}")
        while self.answer.readline().strip() != b": open":
            pass
        threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        name = b""
        try:
            while line := self.answer.readline():
                if line.startswith(b"event: "):
                    name = line[7:].strip()
                elif line.startswith(b"data: ") and name == b"matter":
                    self.heard.setdefault(json.loads(line[6:])["number"], time.monotonic())
                if name == b"end":
                    break
        except (OSError, http.client.HTTPException, ValueError):
            pass
        self.ended = time.monotonic()
