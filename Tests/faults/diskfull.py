#!/usr/bin/env python3
"""The disk of the data folder fills up under load, and is freed again.

What is refused is refused with 507 or 503, a sentence and a time; what is stored can be read all the while; after the disk is freed
everything works again within 5 seconds, by the same process. Nothing acknowledged is lost. On PostgreSQL the folder holds photos only.
"""
import os
import subprocess
import time

from place import Ledger, Load, check, parser, report, run

words = parser(__doc__)
words.add_argument("--times", type=int, default=1)
words.add_argument("--size", type=int, default=48, help="megabytes of the disk")
settings = words.parse_args()


def wait(what, seconds, holds):
    began = time.monotonic()
    while not holds():
        if time.monotonic() - began > seconds:
            raise RuntimeError(f"{what} did not happen within {seconds} s")
        time.sleep(0.05)
    return time.monotonic() - began


def fill(path):
    """Takes every byte that is left."""
    with open(path, "ab", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            try:
                while file.write(bytes(size)) == size:
                    pass
            except OSError:
                continue


def prove(place, proof):
    done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={settings.size}m", "weiwang-full", place.folder], capture_output=True, text=True)
    if done.returncode:
        proof.skipped = f"no disk of its own can be mounted here: {done.stderr.strip()}"
        return
    try:
        on_a_small_disk(place, proof)
    finally:
        place.end()
        subprocess.run(["umount", "-l", place.folder], check=False)


def on_a_small_disk(place, proof):
    key, ledger, statuses, back = place.client(), Ledger(), {}, []
    place.start()
    services, filler = place.services(), os.path.join(place.folder, "filler")
    for turn in range(settings.times):
        load = Load(place, key, services, ledger, senders=8, photos=0.3, seed=settings.seed + turn, patient=True).start()
        wait("an acknowledgement", 30, lambda: ledger.acknowledged)
        time.sleep(1)
        proof.faults += 1
        fill(filler)
        wait("a refusal", 60, lambda: load.refused)
        # Everything that is written from now on meets the full disk.
        end = time.monotonic() + 3
        while time.monotonic() < end:
            fill(filler)
            number = next(reversed(ledger.acknowledged.values()))
            for path in ("/", f"/open311/v2/requests/{number}.json", "/health", "/report"):
                status, body = place.get(path)
                proof.expect(status == 200, f"with a full disk {path} answered {status} {body[:200]!r}")
            time.sleep(0.2)
        freed = time.monotonic()
        os.remove(filler)
        before = len(ledger.acknowledged)
        wait("service", 20, lambda: place.ask("POST", "/open311/v2/requests.json", *again(key, services, ledger))[0] == 200)
        back.append(time.monotonic() - freed)
        time.sleep(0.5)
        load.stop()
        proof.expect(len(ledger.acknowledged) > before, "the load did not go on after the disk was freed")
        for status, text, sent in load.refused:
            statuses[status] = statuses.get(status, 0) + 1
            if status not in (503, 507) or b"description" not in text or "Retry-After" not in sent:
                proof.fail(f"refused with {status} {text[:200]!r}, Retry-After {sent.get('Retry-After')}")
                break
        proof.expect(place.lives, "the server ended")
        proof.expect(back[-1] < 5, f"service came back {back[-1]:.1f} s after the disk was freed")
    place.kill()
    place.start()
    place.settle()
    check(place, ledger, proof)
    proof.measured = {"refused": " ".join(f"{status}×{count}" for status, count in sorted(statuses.items())),
                      "service back within": f"{max(back):.2f} s"}


def again(key, services, ledger):
    said = f"fault after {time.monotonic()}"
    ledger.sent.add(said)
    return report(key, services[0], said)


run(settings, [("disk full", prove)])
