#!/usr/bin/env python3
"""A steady day's work for a long time: reports with and without photos, staff who take each up and finish it, pages, searches, and clients
of the live stream that vanish without a word. Memory, open files and threads stay flat, SQLite's log stays bounded, nothing acknowledged is
lost or done twice.
"""
import asyncio
import collections
import os
import random
import re
import threading
import time
import uuid

from lostreply import People, ask, drop, place_id, text_of
from place import Ledger, check, parser, percentile, picture, report, run

words = parser(__doc__)
words.add_argument("--minutes", type=float, default=0.5)
words.add_argument("--rate", type=int, default=20, help="requests a second")
words.add_argument("--streams", type=int, default=20, help="clients of the live stream at any time")
settings = words.parse_args()

MOST_LOG = 96  # MB of SQLite's write-ahead log


class Day:
    def __init__(self, place, key, people, source):
        self.place, self.key, self.people, self.source = place, key, people, source
        self.services, self.ledger = place.services(), Ledger()
        self.waiting, self.held, self.accepted, self.finished = collections.deque(), collections.deque(), set(), set()
        self.waits, self.statuses, self.vanished = [], {}, 0
        self.end = time.monotonic() + settings.minutes * 60

    @property
    def is_over(self):
        return time.monotonic() > self.end

    async def request(self, method, path, body=b"", headers=None, good=(200, 303)):
        began = time.monotonic()
        status, _, text = await asyncio.wait_for(ask(self.place.port, method, path, body, headers), 30)
        self.waits.append((began, time.monotonic() - began))
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if status not in good:
            raise RuntimeError(f"{method} {path} answered {status}: {text[:200]!r}")
        return text

    async def one(self, number):
        mine = {"Cookie": self.people.cookies}
        sort = number % 10
        if sort < 2:
            said = "fault " + uuid.uuid4().hex
            photo = picture(self.source) if number % 50 == 1 else None
            body, headers = report(self.key, self.source.choice(self.services), said, self.source, photo)
            self.ledger.sent.add(said)
            await self.request("POST", "/open311/v2/requests.json", body, headers)
            self.ledger.acknowledged[said] = True
            self.waiting.append(said)
            if photo:
                self.ledger.with_photo.add(said)
        elif sort < 4 and self.waiting:
            said = self.waiting.popleft()
            matter = (await asyncio.to_thread(self.place.rows, f"SELECT {text_of(self.place)} FROM matter WHERE words = '{said}'"))[0][0]
            await self.act(matter, "accept")
            self.accepted.add(said)
            self.held.append((said, matter))
        elif sort < 6 and self.held:
            said, matter = self.held.popleft()
            await self.act(matter, "finish", reason="nothing_to_see")
            self.finished.add(said)
        else:
            path, headers = self.source.choice((("/", {}), ("/report", {}), ("/open311/v2/requests.json", {}), ("/desk", mine), ("/command", mine)))
            await self.request("GET", path, headers=headers)

    async def act(self, matter, name, **fields):
        body, headers = self.people.form({"csrf": self.people.token, "act": place_id(), **fields})
        await self.request("POST", f"/desk/matters/{matter}/acts/{name}", body, {**headers, "Cookie": self.people.cookies})

    async def watch(self, number):
        """Opens the live stream, reads a while, and is gone."""
        while not self.is_over:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.place.port)
            writer.write(f"GET /live HTTP/1.1\r\nHost: localhost\r\nCookie: {self.people.cookies}\r\n\r\n".encode())
            try:
                stop = time.monotonic() + random.uniform(1, 8)
                while time.monotonic() < stop and not self.is_over:
                    await asyncio.wait_for(reader.read(4096), max(0.1, stop - time.monotonic()))
            except (OSError, asyncio.TimeoutError):
                pass
            drop(writer)
            self.vanished += 1

    async def go(self, failed):
        async def at_work(number):
            try:
                await self.one(number)
            except (OSError, RuntimeError, IndexError, asyncio.TimeoutError) as error:
                failed(f"{type(error).__name__} {error}")

        async with asyncio.TaskGroup() as group:
            for number in range(settings.streams):
                group.create_task(self.watch(number))
            number, began = 0, time.monotonic()
            while not self.is_over:
                group.create_task(at_work(number))
                number += 1
                await asyncio.sleep(max(0, began + number / settings.rate - time.monotonic()))


class Sampler(threading.Thread):
    """What the process holds, every so often."""

    def __init__(self, place):
        super().__init__(daemon=True)
        self.place, self.samples, self.stopping = place, [], threading.Event()

    def run(self):
        process = f"/proc/{self.place.server.pid}"
        while not self.stopping.wait(1):
            with open(process + "/status", encoding="ascii") as lines:
                found = dict(line.split(":", 1) for line in lines)
            log = os.path.join(self.place.folder, "weiwang.sqlite-wal")
            self.samples.append({
                "memory": int(found["VmRSS"].split()[0]) / 1024, "threads": int(found["Threads"]), "files": len(os.listdir(process + "/fd")),
                "log": os.path.getsize(log) / (1 << 20) if os.path.exists(log) else 0})

    def third(self, name, number):
        """The middle value of a third of the time."""
        size = max(1, len(self.samples) // 3)
        return percentile([sample[name] for sample in self.samples[number * size:(number + 1) * size]], 0.5)


def effects(place, proof, day):
    """Each act that was answered is there once."""
    for verb, done in (("accept", day.accepted), ("finish", day.finished)):
        found = dict(place.rows(
            f"SELECT m.words, COUNT(*) FROM matter m JOIN entry e ON e.subject_id = m.id WHERE e.verb = 'matter.{verb}' GROUP BY m.words"))
        lost, doubled = [said for said in done if said not in found], [said for said in done if int(found.get(said, 1)) > 1]
        proof.lost += len(lost)
        proof.doubled += len(doubled)
        proof.expect(not lost and not doubled, f"{verb}: {len(lost)} are lost and {len(doubled)} doubled, first {(lost + doubled)[:1]}")


def prove(place, proof):
    key = place.client()
    password = place.user("boss", "root_center")
    place.start()
    people = People(place, password)
    asyncio.run(people.sign_in())
    day, sampler = Day(place, key, people, random.Random(settings.seed)), Sampler(place)
    sampler.start()
    asyncio.run(day.go(proof.fail))
    sampler.stopping.set()
    sampler.join()
    proof.faults = day.vanished
    place.settle()
    # Nobody but the last of the line is without an act.
    check(place, day.ledger, proof, shapes_of=lambda said: said in day.waiting)
    effects(place, proof, day)
    middle, last = [{name: sampler.third(name, number) for name in sampler.samples[0]} for number in (1, 2)]
    minutes = len(sampler.samples) / 60
    slope = (last["memory"] - middle["memory"]) / (minutes / 3) * 60
    log = max(sample["log"] for sample in sampler.samples)
    early, late = [[spent for began, spent in day.waits if half == (began > day.end - settings.minutes * 30)] for half in (False, True)]
    proof.measured = {
        "minutes": round(minutes, 1), "requests": len(day.waits), "finished": len(day.finished), "streams that vanished": day.vanished,
        "memory": f"{middle['memory']:.0f} to {last['memory']:.0f} MB ({slope:+.0f} MB/h)", "files": f"{middle['files']} to {last['files']}",
        "threads": f"{middle['threads']} to {last['threads']}", "log at most": f"{log:.0f} MB",
        "p99": f"{percentile(early, 0.99) * 1000:.0f} then {percentile(late, 0.99) * 1000:.0f} ms"}
    proof.expect(log < MOST_LOG, f"SQLite's log grew to {log:.0f} MB")
    # The board keeps a line of columns for each matter, so memory follows the reports; a leak of streams or requests is far beyond that.
    room = 24 + 0.1 * middle["memory"]
    proof.expect(last["memory"] < middle["memory"] + room, f"memory rose from {middle['memory']:.0f} to {last['memory']:.0f} MB")
    for name in ("files", "threads"):
        proof.expect(last[name] <= middle[name] + 12, f"{name} rose from {middle[name]} to {last[name]}")


run(settings, [("endurance", prove)], databases=("sqlite",))
