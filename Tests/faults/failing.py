#!/usr/bin/env python3
"""The k-th open, write or sync below the data folder fails with EIO, for k = 1 until none is left to fail.

A failed commit is never acknowledged, what failed is said with 500 or 503 and works when it is sent again, nothing is half-written
after a restart. A fault while the server starts ends it with a sentence, or it starts all the same.
"""
import errno
import http.client
import random
import uuid

from disk import Faults
from place import Ledger, check, parser, picture, report, run

words = parser(__doc__)
words.add_argument("--sample", type=int, default=0, help="try only so many of the calls, chosen by the seed; 0 for all")
words.add_argument("--look", type=int, default=10, help="after so many faults kill -9, start again and look at the data")
settings = words.parse_args()


class Work:
    """A short piece of work that is always the same: reports, one with a photo, all that follows from them."""

    def __init__(self, place, key, service, ledger, source):
        self.place, self.ledger = place, ledger
        self.open = []
        for number in range(4):
            words = "fault " + uuid.uuid4().hex
            photo = picture(source) if number == 2 else None
            self.open.append((words, *report(key, service, words, source, photo), photo is not None))
            ledger.sent.add(words)

    def send(self, statuses):
        """Sends what is not acknowledged yet. Returns what was answered otherwise than it should be."""
        wrong = []
        for item in list(self.open):
            words, body, headers, has_photo = item
            try:
                status, text, sent = self.place.ask("POST", "/open311/v2/requests.json", body, headers)
            except (OSError, http.client.HTTPException) as error:
                if self.place.lives:
                    wrong.append(f"no answer ({error}) from a server that lives")
                continue
            statuses[status] = statuses.get(status, 0) + 1
            if status == 200:
                self.open.remove(item)
                self.ledger.acknowledged[words] = text
                if has_photo:
                    self.ledger.with_photo.add(words)
            elif status not in (500, 503, 507) or b"description" not in text or (status != 500 and "Retry-After" not in sent):
                wrong.append(f"{status} {text[:200]!r}")
        return wrong


def chosen(count, source, sample):
    every = range(1, count + 1)
    return sorted(source.sample(every, min(sample, count))) if sample else every


def prove(place, proof):
    disk, source, ledger, statuses = Faults(settings), random.Random(settings.seed), Ledger(), {}
    key = place.client()
    place.environment = disk.environment(place.folder)
    disk.arm(0, errno.EIO)
    place.start()
    starting = disk.calls
    service = place.services()[0]
    # Once without a fault, to know how many calls there are; once more, since the first writes other things.
    for _ in range(2):
        disk.arm(0, errno.EIO)
        proof.wrong += Work(place, key, service, ledger, source).send(statuses)
        place.settle()
    working, fired, exits, k = disk.calls, 0, 0, 0
    last = working * 2 if not settings.sample else working
    for k in chosen(last, source, settings.sample):
        work = Work(place, key, service, ledger, source)
        disk.arm(k, errno.EIO)
        proof.wrong += work.send(statuses)
        if place.lives:
            try:
                place.settle(30)
            except (OSError, RuntimeError) as error:
                if place.lives:
                    proof.fail(f"call {k}: {error}")
        proof.faults += disk.fired
        ended = not disk.fired
        disk.arm(0, errno.EIO)
        if not place.lives:
            exits += 1
            place.start()
        elif k % settings.look == 0:
            place.kill()
            place.start()
        proof.wrong += work.send(statuses)
        proof.expect(not work.open, f"call {k}: {len(work.open)} reports are still refused after the fault")
        if k % settings.look == 0 or proof.wrong:
            place.settle()
            check(place, ledger, proof)
        if proof.wrong:
            return proof.fail(f"stopped after call {k} of about {working}")
        if ended and not settings.sample:
            break
    begun = start_with_faults(place, proof, disk, starting, source)
    place.kill()
    place.start()
    place.settle()
    check(place, ledger, proof)
    answers = " ".join(f"{status}×{count}" for status, count in sorted(statuses.items()))
    proof.measured = {"calls of the work": working, "last k": k, "calls of a start": starting, "starts with a fault that served": begun,
                      "answers": answers, "exits": exits}


def start_with_faults(place, proof, disk, starting, source):
    served = 0
    place.kill()
    for k in chosen(starting, source, settings.sample // 3):
        disk.arm(k, errno.EIO)
        try:
            place.start()
            served += 1
            place.kill()
        except RuntimeError as error:
            if place.lives:
                proof.fail(f"start with call {k} failing: {error}")
                place.kill()
            elif place.server.returncode not in (1, 3) or not place.words().strip():
                proof.fail(f"start with call {k} failing ended with {place.server.returncode} and said {place.words()[-200:]!r}")
        proof.faults += disk.fired
    disk.arm(0, errno.EIO)
    return served


run(settings, [("the k-th call fails", prove)])
