#!/usr/bin/env python3
"""Answers get lost on the way: a proxy cuts the line after the server committed, and the sender sends again under the same id.

So many operations, exactly so many effects: reports by Open311 and by the portal's form, acts of the staff at the desk. Other lines are
reset in the middle of the request, fall silent, are slow, or carry 2 KB a second; the sender gives up and comes again.
"""
import asyncio
import http.cookies
import random
import re
import socket
import struct
import time
import urllib.parse
import uuid

from place import Ledger, check, parser, percentile, picture, report, run

words = parser(__doc__)
words.add_argument("--operations", type=int, default=300)
words.add_argument("--senders", type=int, default=16)
settings = words.parse_args() if __name__ == "__main__" else None

# What becomes of a line, and how many of a hundred.
FATES = (("cut", 40), ("whole", 34), ("reset", 10), ("slow", 8), ("silent", 3), ("trickle", 5))
PATIENCE = 3


def drop(writer):
    """Ends a line with a reset, so that nothing that waits in it arrives."""
    line = writer.get_extra_info("socket")
    if line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


class Proxy:
    """Between the senders and the server: one request a line."""

    def __init__(self, place, source):
        self.place, self.source, self.fates = place, source, {name: 0 for name, _ in FATES}

    async def start(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.port = self.server.sockets[0].getsockname()[1]

    async def serve(self, reader, writer):
        fate = self.source.choices([name for name, _ in FATES], [share for _, share in FATES])[0]
        self.fates[fate] += 1
        there = None
        try:
            request = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"(?i)content-length: *(\d+)", request)
            request += await reader.readexactly(int(length[1]) if length else 0)
            answers, there = await asyncio.open_connection("127.0.0.1", self.place.port)
            if fate == "reset":
                there.write(request[:self.source.randrange(1, len(request))])
                await there.drain()
                await asyncio.sleep(0.01)
                return
            if fate == "trickle":
                # Short requests at 2 KB a second; longer ones begin that way.
                for at in range(0, min(len(request), 2048), 256):
                    there.write(request[at:at + 256])
                    await there.drain()
                    await asyncio.sleep(0.125)
                there.write(request[2048:])
            else:
                there.write(request)
            await there.drain()
            if fate == "slow":
                await asyncio.sleep(self.source.uniform(0.2, 1))
            answer = await answers.read()
            if fate == "cut":
                return
            if fate == "silent":
                await asyncio.sleep(PATIENCE + 1)
                return
            writer.write(answer)
            await writer.drain()
            writer.close()
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # the sender gave up, or all is over
        finally:
            if there:
                drop(there) if fate == "reset" else there.close()
            drop(writer) if fate in ("cut", "reset", "silent") else writer.close()


async def ask(port, method, path, body=b"", headers=None):
    """One request on a line of its own. Returns status, headers and body; raises when the line breaks."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close", f"Content-Length: {len(body)}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        await writer.drain()
        answer = await reader.read()
        head, _, rest = answer.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 "):
            raise ConnectionError("no answer")
        sent = [line.split(": ", 1) for line in head.decode().split("\r\n")[1:]]
        length = next((int(value) for name, value in sent if name.lower() == "content-length"), None)
        if length is not None and len(rest) < length:
            raise ConnectionError("half an answer")
        return int(head[9:12]), sent, rest
    finally:
        writer.close()


class People:
    """Somebody with a phone, and somebody at a desk."""

    def __init__(self, place, password):
        self.place, self.password = place, password

    def form(self, fields):
        return urllib.parse.urlencode(fields).encode(), {"Content-Type": "application/x-www-form-urlencoded"}

    async def page(self, path, cookies=""):
        status, sent, body = await ask(self.place.port, "GET", path, headers={"Cookie": cookies} if cookies else {})
        found = http.cookies.SimpleCookie()
        for name, value in sent:
            if name.lower() == "set-cookie":
                found.load(value)
        more = "; ".join(f"{name}={item.value}" for name, item in found.items())
        token = re.search(rb'name="csrf" value="([^"]*)"', body)
        return status, "; ".join(part for part in (cookies, more) if part), token[1].decode() if token else "", body

    async def sign_in(self, name="boss"):
        _, cookies, token, _ = await self.page("/sign-in")
        body, headers = self.form({"csrf": token, "name": name, "password": self.password})
        status, sent, _ = await ask(self.place.port, "POST", "/sign-in", body, {**headers, "Cookie": cookies})
        session = next(value.split(";")[0] for name, value in sent if name.lower() == "set-cookie" and value.startswith("weiwang="))
        if status != 303:
            raise RuntimeError(f"sign-in answered {status}")
        _, self.cookies, self.token, _ = await self.page("/me", session)


async def operate(place, proof, key, password):
    source, ledger = random.Random(settings.seed), Ledger()
    proxy, people = Proxy(place, source), People(place, password)
    await proxy.start()
    await people.sign_in()
    _, phone, phone_token, _ = await people.page("/report")
    services, tries, waits = place.services(), [], []
    accepted, portal = {}, {}
    matters = asyncio.Queue()

    async def until_told(path, body, headers, good):
        """Sends until an answer arrives. The id in the body stays the same."""
        began = time.monotonic()
        for number in range(1, 60):
            try:
                status, sent, text = await asyncio.wait_for(ask(proxy.port, "POST", path, body, headers), PATIENCE)
            except (OSError, asyncio.TimeoutError, asyncio.IncompleteReadError):
                continue
            if status in good:
                tries.append(number)
                waits.append(time.monotonic() - began)
                return status, dict(sent), text
            raise RuntimeError(f"{path} answered {status} at try {number}: {text[:300]!r}")
        raise RuntimeError(f"{path} was not answered in 60 tries")

    async def operation(number):
        sort = ("open311", "open311", "portal", "act", "open311")[number % 5]
        if sort == "act" and matters.empty():
            sort = "open311"
        said = "fault " + uuid.uuid4().hex
        if sort == "open311":
            photo = picture(source) if source.random() < 0.02 else None
            body, headers = report(key, source.choice(services), said, source, photo)
            ledger.sent.add(said)
            _, _, text = await until_told("/open311/v2/requests.json", body, headers, (200,))
            ledger.acknowledged[said] = text
            if photo:
                ledger.with_photo.add(said)
            matters.put_nowait(said)
        elif sort == "portal":
            ledger.sent.add(said)
            body, headers = people.form({"csrf": phone_token, "id": place_id(), "words": said, "lat": "34.75", "lon": "113.61", "placed": "phone"})
            # Each a sender of its own: the portal takes only so many from one.
            address = f"10.{source.randrange(256)}.{source.randrange(256)}.{source.randrange(256)}"
            _, sent, _ = await until_told("/report", body, {**headers, "Cookie": phone, "X-Forwarded-For": address}, (303,))
            ledger.acknowledged[said] = portal[said] = sent.get("Location", "")
        else:
            said = matters.get_nowait()
            matter = (await asyncio.to_thread(place.rows, f"SELECT {text_of(place)} FROM matter WHERE words = '{said}'"))[0][0]
            body, headers = people.form({"csrf": people.token, "act": place_id()})
            accepted[said] = matter
            await until_told(f"/desk/matters/{matter}/acts/accept", body, {**headers, "Cookie": people.cookies}, (303,))

    numbers = iter(range(settings.operations))

    async def sender():
        for number in numbers:
            await operation(number)

    async with asyncio.TaskGroup() as group:
        for _ in range(settings.senders):
            group.create_task(sender())
    proof.faults = sum(count for fate, count in proxy.fates.items() if fate != "whole")
    await asyncio.to_thread(place.settle)
    await asyncio.to_thread(compare, place, proof, ledger, accepted)
    proof.acknowledged = len(ledger.acknowledged) + len(accepted)
    proof.expect(proof.acknowledged == settings.operations, f"{proof.acknowledged} of {settings.operations} operations came to an end")
    proof.measured = {"operations": settings.operations, "reports": len(ledger.acknowledged), "acts": len(accepted),
                      "tries": sum(tries), "lines": " ".join(f"{name} {count}" for name, count in proxy.fates.items()),
                      "told within p99": f"{percentile(waits, 0.99):.1f} s"}
    proxy.server.close()


def place_id():
    """A UUID of version 7, as phones and forms make them."""
    value = (int(time.time() * 1000) << 80 | 0x7 << 76 | random.getrandbits(12) << 64 | 0b10 << 62 | random.getrandbits(62))
    return str(uuid.UUID(int=value))


def text_of(place):
    return "id" if place.url else (
        "lower(substr(hex(id),1,8)||'-'||substr(hex(id),9,4)||'-'||substr(hex(id),13,4)||'-'||substr(hex(id),17,4)||'-'||substr(hex(id),21))")


def compare(place, proof, ledger, accepted):
    """Exactly one effect for each operation. The shapes of accepted matters differ from the others, so they are looked at apart."""
    found = {matter: int(count) for matter, count in place.rows(
        f"SELECT {text_of(place).replace('id', 'm.id')}, (SELECT COUNT(*) FROM entry e WHERE e.subject_id = m.id AND e.verb = 'matter.accept') "
        "FROM matter m")}
    for said, matter in accepted.items():
        count = found.get(matter, 0)
        proof.lost += count == 0
        proof.doubled += count > 1
        proof.expect(count == 1, f"accepting {matter} has {count} effects")
    rest = Ledger()
    rest.sent = ledger.sent
    rest.with_photo = ledger.with_photo
    rest.acknowledged = ledger.acknowledged
    check(place, rest, proof, shapes_of=lambda said: said not in accepted)


def prove(place, proof):
    key = place.client()
    password = place.user("boss", "root_center")
    place.more = ["--trusted-proxy", "127.0.0.1"]
    place.start()
    asyncio.run(operate(place, proof, key, password))


if __name__ == "__main__":
    run(settings, [("lost replies", prove)])
