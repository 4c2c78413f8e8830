#!/usr/bin/env python3
"""Cuts the power under load: only bytes and names that were synced survive, and of the rest at most a random part. SQLite; what
PostgreSQL does with its own files is its own promise.

Simulated by disk.c: fsync and fdatasync of files and folders; a name (new, moved, removed) is on disk only when its folder was synced;
every second cut leaves a random half of the unsynced blocks of 512 bytes and of the unsynced names. Not simulated: synced bytes that rot.

The control answers the syncs of SQLite's log without doing them. It must lose, or the test sees nothing.
"""
import os
import random
import shutil
import time

from disk import Cuts
from place import Ledger, Load, Proof, check, parser, run

words = parser(__doc__)
words.add_argument("--cuts", type=int, default=6)
words.add_argument("--control", type=int, default=2, help="cuts of the control")
words.add_argument("--fresh", type=int, default=20, help="cuts until the data begin anew")
settings = words.parse_args()


def cut(place, disk, ledger, key, services, source, torn, lies=None, photos=0.1):
    """Load, then darkness; the folder is what survived."""
    load = Load(place, key, services, ledger, senders=8, photos=photos, seed=source.random()).start()
    time.sleep(source.uniform(0.2, 1.5))
    for _ in range(200 if photos == 1 else 0):
        if ledger.with_photo:
            break
        time.sleep(0.05)
    place.kill()
    load.join()
    if load.refused:
        raise RuntimeError(f"a report was refused: {load.refused[0][:2]}")
    dark = place.folder
    place.folder = f"{dark.rsplit('-', 1)[0]}-{source.randrange(1 << 40):x}"
    disk.survivors(dark, place.folder, source, torn)
    shutil.rmtree(dark)
    place.environment = disk.environment(place.folder, lies)
    return load


def anew(place, disk, lies=None):
    shutil.rmtree(place.folder, ignore_errors=True)
    place.environment = {}
    place.folder = os.path.join(settings.scratch, "data-0")
    os.makedirs(place.folder)
    key = place.client()
    place.environment = disk.environment(place.folder, lies)
    place.start()
    return Ledger(), key, place.services()


def prove(place, proof):
    disk, source = Cuts(settings), random.Random(settings.seed)
    acknowledged, ledger = 0, None
    for turn in range(settings.cuts):
        if turn % settings.fresh == 0:
            if ledger:
                acknowledged += len(ledger.acknowledged)
                place.kill()
            ledger, key, services = anew(place, disk)
        load = cut(place, disk, ledger, key, services, source, torn=turn % 2 == 1)
        proof.faults += 1
        place.start()
        refused = load.send_again()
        proof.expect(not refused, f"a report sent again was refused: {refused[:1]}")
        place.settle()
        stored = check(place, ledger, proof)
        print(f"  power cut {turn + 1}/{settings.cuts}: {len(ledger.acknowledged)} acknowledged, {stored} stored", flush=True)
        if proof.wrong:
            break
    proof.acknowledged = acknowledged + len(ledger.acknowledged)
    proof.expect(proof.acknowledged, "nothing was acknowledged before the cuts")


def control(place, proof):
    disk, source = Cuts(settings), random.Random(settings.seed)
    lost = acknowledged = 0
    for _ in range(settings.control):
        ledger, key, services = anew(place, disk, lies="-wal")
        cut(place, disk, ledger, key, services, source, torn=False, lies="-wal")
        proof.faults += 1
        found = Proof("", "sqlite", 0)
        place.start()
        check(place, ledger, found, settled=False)
        lost += found.lost
        acknowledged += len(ledger.acknowledged)
        place.kill()
    proof.measured = {"lost by the lie": f"{lost} of {acknowledged}", "photos lost by a lie of their own": photos(place, proof, disk, source)}
    proof.expect(lost, "a disk that lies about syncs lost nothing: the test is blind")


def photos(place, proof, disk, source):
    """How many photos are gone when the syncs of their folder are lies."""
    found = Proof("", "sqlite", 0)
    ledger, key, services = anew(place, disk, lies="/files/")
    cut(place, disk, ledger, key, services, source, torn=False, lies="/files/", photos=1)
    proof.faults += 1
    place.start()
    check(place, ledger, found, settled=False)
    proof.expect(found.lost, "a disk that lies about photos lost none: the test is blind")
    return found.lost


run(settings, [("power cut", prove), ("power cut, control with a lying disk", control)], databases=("sqlite",))
