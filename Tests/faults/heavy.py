#!/usr/bin/env python3
"""Bodies and heads that are made to be costly: packed a thousand times smaller than they are, in a million parts, a million levels deep, with
heads and addresses without end.

Each is refused with 4xx, soon, while others are served; and the memory that it took comes back.
"""
import gzip
import io
import json
import os
import socket
import statistics
import threading
import time

from place import parser, run

words = parser(__doc__)
words.add_argument("--rounds", type=int, default=2, help="after the first, by which the memory is judged")
words.add_argument("--beside", type=int, default=8, help="of each kind at the same time")
settings = words.parse_args()

MB = 1 << 20
MOST_GROWTH = 48  # MB that may stay after it is over, for all of it
MOST_AT_ONCE = 500  # MB at any time
MOST_SECONDS = 5 if not settings.release else 1  # half of the refusals are sooner


def bomb():
    """200 MB of nothing, as 200 KB."""
    out = io.BytesIO()
    with gzip.GzipFile(fileobj=out, mode="wb") as file:
        for _ in range(200):
            file.write(bytes(MB))
    return out.getvalue()


def part(name):
    return b'--b\r\nContent-Disposition: form-data; name="' + name + b'"\r\n\r\n1\r\n'


def attacks(key):
    """Title, head without length, pieces of the body."""
    form = "Content-Type: application/x-www-form-urlencoded"
    packed, many, deep = bomb(), part(b"a") * 10_000, b"[" * MB
    api = f"POST /open311/v2/requests.json?api_key={key} HTTP/1.1"
    multipart = "Content-Type: multipart/form-data; boundary=b"
    for coding in ("gzip", "deflate", "br", "x-gzip", "gzip, gzip", "zstd"):
        yield f"packed by {coding}", api, [form, f"Content-Encoding: {coding}"], [packed]
    yield "packed JSON", api, ["Content-Type: application/json", "Content-Encoding: gzip"], [packed]
    yield "packed in its transfer", api, [form, "Transfer-Encoding: gzip, chunked"], [packed]
    yield "a million parts at the interface", api, [multipart], [many] * 100
    yield "a million parts at the portal", "POST /report HTTP/1.1", [multipart], [many] * 100
    yield "a million parts at the staff's", "POST /field/report HTTP/1.1", [multipart], [many] * 100
    yield "a part without end in its head", "POST /report HTTP/1.1", [multipart], [b"--b\r\nX-A: ", b"a" * 8 * MB]
    yield "a field without end", "POST /report HTTP/1.1", [multipart], [part(b"words")[:-3], b"a" * 64 * MB]
    yield "a boundary that nearly comes", "POST /report HTTP/1.1", [multipart], [part(b"words")[:-3], b"\r\n--" * (8 * MB)]
    yield "JSON a million levels deep", api, ["Content-Type: application/json"], [b'{"a":', deep, b"]" * MB + b"}"]
    yield "JSON nearly a megabyte deep", api, ["Content-Type: application/json"], [b'{"a":', b"[" * 400_000, b"]" * 400_000 + b"}"]
    yield "objects in objects", api, ["Content-Type: application/json"], [b'{"a":' * 150_000, b"1", b"}" * 150_000]
    yield "a million fields", api, [form], [b"a=1&" * MB]
    yield "a body of 200 MB", "POST /report HTTP/1.1", [form], [b"a" * MB] * 200
    yield "a body of 200 MB that does not say so", "POST /report HTTP/1.1", [form, "Transfer-Encoding: chunked"], [b"100000\r\n" + b"a" * MB + b"\r\n"] * 200
    yield "a hundred thousand headers", "GET /report HTTP/1.1", ["X-A: b"] * 100_000, []
    yield "a header of 16 MB", "GET /report HTTP/1.1", ["X-A: " + "b" * 16 * MB], []
    yield "cookies of 4 MB", "GET /desk HTTP/1.1", ["Cookie: " + "a=b; " * 800_000], []
    yield "an address of 4 MB", f"GET /desk?q={'a' * 4 * MB} HTTP/1.1", [], []
    yield "a million questions", f"GET /desk?{'a=1&' * MB} HTTP/1.1", [], []
    yield "a path of a million steps", f"GET {'/a' * MB} HTTP/1.1", [], []


def send(place, line, headers, pieces):
    """Returns the status, 0 when the line was hung up without one, and the seconds until it was known."""
    length = [] if any(header.startswith("Transfer-Encoding") for header in headers) or line.startswith("GET") else [
        f"Content-Length: {sum(map(len, pieces))}"]
    head = "\r\n".join([line, "Host: localhost", *headers, *length, "", ""]).encode()
    began = time.monotonic()
    with socket.create_connection(("127.0.0.1", place.port), timeout=60) as connection:
        # The answer may come before all is sent.
        answer, told = [], []

        def read():
            try:
                while b"\r\n" not in b"".join(answer):
                    piece = connection.recv(4096)
                    if not piece:
                        return
                    answer.append(piece)
                    told[:] = [time.monotonic() - began]
            except OSError:
                pass

        reader = threading.Thread(target=read, daemon=True)
        reader.start()
        try:
            for piece in [head, *pieces]:
                for at in range(0, len(piece), MB):
                    if reader.is_alive():
                        connection.sendall(piece[at:at + MB])
        except OSError:
            pass
        reader.join(60)
    text = b"".join(answer)
    return int(text.split(b" ")[1]) if text.startswith(b"HTTP/1.1 ") else 0, told[0] if told else time.monotonic() - began


def memory(place):
    with open(f"/proc/{place.server.pid}/status", encoding="ascii") as lines:
        return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS"))


def calm(place, bound):
    """The memory once it has had time to go back."""
    for _ in range(40):
        if memory(place) <= bound:
            break
        time.sleep(0.25)
    return memory(place)


def prove(place, proof):
    key = place.client()
    place.start()
    place.services()
    all_attacks, peak, stop = list(attacks(key)), [], threading.Event()
    slowest, waits, beside = {}, [], []

    def watch():
        while not stop.is_set():
            peak.append(memory(place))
            began = time.monotonic()
            status, _ = place.get("/report")
            beside.append((status, time.monotonic() - began))
            stop.wait(0.1)

    def wave(title, line, headers, pieces):
        found = []
        senders = [threading.Thread(target=lambda: found.append(send(place, line, headers, pieces))) for _ in range(settings.beside)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join()
        proof.faults += len(found)
        for status, seconds in found:
            # Whoever goes on sending may be hung up on before he reads why.
            proof.expect(400 <= status < 500 or status == 0, f"{title}: answered {status}")
            waits.append(seconds)
        slowest[title] = max(slowest.get(title, 0), max(seconds for _, seconds in found))
        return [status for status, _ in found]

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    statuses = {}
    for attack in all_attacks:
        statuses[attack[0]] = wave(*attack)
    before = calm(place, 0)
    for _ in range(settings.rounds):
        for attack in all_attacks:
            statuses[attack[0]] += wave(*attack)
    stop.set()
    watcher.join(60)
    after = calm(place, before)
    unsaid = sorted(title for title, found in statuses.items() if not any(found))
    worst = max(slowest, key=slowest.get)
    proof.measured = {
        "kinds": len(all_attacks), "sent": len(waits), "half refused within": f"{statistics.median(waits) * 1000:.0f} ms",
        "slowest": f"{slowest[worst]:.1f} s ({worst})", "hung up on without a word": json.dumps(unsaid),
        "memory": f"{before} MB after the first round, {after} MB after {settings.rounds} more, at most {max(peak)} MB",
        "pages beside": f"{len(beside)}, the slowest {max(wait for _, wait in beside):.1f} s"}
    proof.expect(place.lives and place.get("/health")[0] == 200, "the server does not live")
    proof.expect(statistics.median(waits) < MOST_SECONDS, f"half of the refusals took more than {statistics.median(waits):.1f} s")
    proof.expect(after - before < MOST_GROWTH, f"{after - before} MB did not come back")
    proof.expect(max(peak) < MOST_AT_ONCE, f"memory rose to {max(peak)} MB")
    proof.expect({status for status, _ in beside} <= {200, 503}, f"pages beside were answered {({status for status, _ in beside})}")
    proof.expect(place.count("SELECT COUNT(*) FROM matter") == 0, "something was taken in")
    left = [name for folder, _, names in os.walk(os.path.join(place.folder, "files", "incoming")) for name in names]
    proof.expect(not left, f"{len(left)} files are left of it")


run(settings, [("heavy", prove)], databases=("sqlite",))
