#!/usr/bin/env python3
"""Ten times as many requests as the server can serve, and slow sockets beside them that never come to an end.

What is too much is refused within 100 ms with 503 and a time to come again; the staff are served on a lane of their own, 99 of 100 answers
within 2 s; memory stays bounded; 10 s after it is over the server is as fast as before. Nothing acknowledged is lost.
"""
import asyncio
import json
import os
import re
import subprocess
import threading
import time

from lostreply import People, ask, place_id
from place import Ledger, check, compiled, parser, percentile, report, run

words = parser(__doc__)
words.add_argument("--seconds", type=int, default=12, help="how long it lasts")
words.add_argument("--slow", type=int, default=500, help="slow sockets")
words.add_argument("--connections", type=int, default=1000)
settings = words.parse_args()

MOST_MEMORY = 800  # MB, of the server at any time


class Crowd:
    def __init__(self, place, key):
        self.place, self.turn = place, 0
        self.program = compiled(settings, "crowd.c", "crowd")
        self.key, self.service, self.ledger = key, place.services()[0], Ledger()

    def requests(self):
        """Two reports to each page."""
        body, headers = report(self.key, self.service, f"fault {self.turn} ############")
        body = re.sub(rb"&id=[^&]*", b"", body).replace(b"%23", b"#")
        head = f"POST /open311/v2/requests.json HTTP/1.1\r\nHost: localhost\r\nContent-Type: {headers['Content-Type']}\r\nContent-Length: {len(body)}\r\n\r\n"
        page = b"GET /report HTTP/1.1\r\nHost: localhost\r\nAccept-Language: zh\r\n\r\n"
        return b"\0".join((head.encode() + body, page, head.encode() + body))

    def come(self, rate, seconds, connections):
        """Returns what they were answered."""
        self.turn += 1
        answered = os.path.join(settings.scratch, "answered")
        done = subprocess.run(
            [self.program, str(self.place.port), str(rate), str(seconds), str(connections), answered], input=self.requests(),
            capture_output=True, check=True, timeout=seconds + 60)
        with open(answered, encoding="ascii") as numbers:
            for number in map(int, numbers):
                if number % 3 != 1:
                    self.ledger.acknowledged[f"fault {self.turn} {number:012}"] = True
        return json.loads(done.stdout)


class Staff:
    """A clerk who looks at the desk, opens a matter, looks at the list again."""

    def __init__(self, place, password):
        self.place, self.people, self.waits, self.statuses = place, People(place, password), [], {}
        self.matters = []

    async def work(self, stop):
        while not stop.is_set():
            for path in ("/desk", "/desk/matters/" + self.matters[0], "/me"):
                began = time.monotonic()
                try:
                    status, _, _ = await asyncio.wait_for(ask(self.place.port, "GET", path, headers={"Cookie": self.people.cookies}), 30)
                except (OSError, asyncio.TimeoutError):
                    status = 0
                self.waits.append(time.monotonic() - began)
                self.statuses[status] = self.statuses.get(status, 0) + 1
                await asyncio.sleep(0.1)


async def drip(place, number, stop, hung_up):
    """A request whose head, or whose body, comes a byte at a time."""
    line = b"POST /report HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 5000\r\n"
    while not stop.is_set():
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", place.port)
            writer.write(line + b"\r\nwords=" if number % 2 else line)
            while not stop.is_set() and not reader.at_eof():
                writer.write(b"X" if number % 2 else b"X-A: b\r\n"[:1])
                await writer.drain()
                for _ in range(20):
                    if stop.is_set():
                        break
                    await asyncio.sleep(0.25)
            writer.close()
        except OSError:
            pass
        if not stop.is_set():
            hung_up.append(number)
            await asyncio.sleep(1)


def memory(place):
    with open(f"/proc/{place.server.pid}/status", encoding="ascii") as lines:
        return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS"))


def prove(place, proof):
    key = place.client()
    password = place.user("boss", "root_center")
    place.start()
    crowd, staff = Crowd(place, key), Staff(place, password)
    asyncio.run(staff.people.sign_in())
    crowd.come(0, 1, 8)
    calm = crowd.come(0, 4, 32)
    capacity = calm["good"] / calm["seconds"]
    matter = place.rows(f"SELECT {'id' if place.url else 'lower(hex(id))'} FROM matter LIMIT 1")[0][0]
    staff.matters = [matter if "-" in matter else "-".join((matter[:8], matter[8:12], matter[12:16], matter[16:20], matter[20:]))]
    before, heavy, hung_up, stop = memory(place), [], [], threading.Event()

    async def beside():
        async with asyncio.TaskGroup() as group:
            for number in range(settings.slow):
                group.create_task(drip(place, number, stop, hung_up))
            for _ in range(4):
                group.create_task(staff.work(stop))
            while not stop.is_set():
                heavy.append(memory(place))
                await asyncio.sleep(0.5)

    others = threading.Thread(target=lambda: asyncio.run(beside()), daemon=True)
    others.start()
    time.sleep(1)
    found = crowd.come(10 * capacity, settings.seconds, settings.connections)
    stop.set()
    others.join(40)
    proof.faults = found["refused"] + settings.slow
    time.sleep(10)
    after = crowd.come(0, 4, 32)
    speed = after["good"] / after["seconds"]
    place.settle(120)
    crowd.ledger.sent = {row[0] for row in place.rows("SELECT words FROM matter")}
    check(place, crowd.ledger, proof)
    offered = (found["sent"] + found["unsent"]) / found["seconds"]
    slow_staff = percentile(staff.waits, 0.99)
    proof.measured = {
        "capacity": f"{capacity:.0f}/s", "offered": f"{offered:.0f}/s", "sent": f"{found['sent'] / found['seconds']:.0f}/s",
        "served": f"{found['good'] / found['seconds']:.0f}/s", "served p99": f"{found['good_p99']:.0f} ms", "refused": found["refused"],
        "refused p99": f"{found['refused_p99']:.0f} ms", "staff p99": f"{slow_staff:.2f} s of {len(staff.waits)}",
        "slow sockets hung up on": len(hung_up), "memory": f"{before} to {max(heavy)} MB", "after": f"{speed:.0f}/s"}
    proof.expect(found["refused"], "nothing was refused")
    proof.expect(not found["no_retry_after"], f"{found['no_retry_after']} refusals without Retry-After")
    proof.expect(set(found["statuses"]) <= {"200", "429", "503"}, f"answers were {found['statuses']}")
    proof.expect(set(staff.statuses) == {200}, f"the staff were answered {staff.statuses}")
    proof.expect(max(heavy) < MOST_MEMORY, f"memory rose to {max(heavy)} MB")
    if settings.seconds > 120:
        proof.expect(any(number % 2 for number in hung_up) and any(number % 2 == 0 for number in hung_up), "slow sockets are never hung up on")
    if settings.release:
        proof.expect(found["refused_p99"] < 100, f"99 of 100 refusals took up to {found['refused_p99']:.0f} ms")
        proof.expect(slow_staff < 2, f"99 of 100 answers to the staff took up to {slow_staff:.2f} s")
        proof.expect(speed > 0.8 * capacity, f"10 s after it served {speed:.0f}/s, before {capacity:.0f}/s")


run(settings, [("overload", prove)], databases=("sqlite",))
