#!/usr/bin/env python3
"""Kills the server with SIGKILL while reports pour in, again and again, on SQLite and on PostgreSQL.

Nothing acknowledged may be lost, nothing may be doubled, nothing may be half-written; what was never answered is sent again under the
same id and is there once. Followers are killed wherever they happen to be: each notice and each seal is there once all the same.
"""
import json
import random
import shutil
import time

from place import Ledger, Load, check, parser, percentile, run

words = parser(__doc__)
words.add_argument("--rounds", type=int, default=5, help="kills on each database")
words.add_argument("--senders", type=int, default=24)
words.add_argument("--fresh", type=int, default=25, help="kills until the data begin anew, so that the looks stay quick")
settings = words.parse_args()


def prove(place, proof):
    restarts, stored = [], 0
    acknowledged = 0
    ledger = key = services = None
    for turn in range(settings.rounds):
        if turn % settings.fresh == 0:
            if turn:
                acknowledged += len(ledger.acknowledged)
                place.kill()
                shutil.rmtree(place.folder)
                if place.url:
                    place.new_database()
            ledger, key = Ledger(), place.client()
            place.start()
            services = place.services()
        load = Load(place, key, services, ledger, settings.senders, photos=0.02, seed=settings.seed + turn).start()
        # Now and then at once, mostly under full load.
        time.sleep(random.choice((random.uniform(0.05, 0.4), random.uniform(0.4, 2.0), random.uniform(0.4, 2.0))))
        place.kill()
        proof.faults += 1
        load.join()
        if load.refused:
            return proof.fail(f"a report was refused: {load.refused[0][:2]}")
        restarts.append(place.start())
        refused = load.send_again()
        proof.expect(not refused, f"a report sent again was refused: {refused[:1]}")
        # On PostgreSQL another node might live: a lease runs for some seconds, so not each time.
        settled = not place.url or turn == settings.rounds - 1 or (turn + 1) % settings.fresh == 0
        if settled:
            place.settle()
        stored = check(place, ledger, proof, settled)
        print(f"  kill -9 on {place.name} {turn + 1}/{settings.rounds}: {len(ledger.acknowledged)} acknowledged, {stored} stored, "
              f"back in {restarts[-1]:.2f} s", flush=True)
        if proof.wrong:
            break
        if ledger.acknowledged:
            words, number = random.choice(list(ledger.acknowledged.items()))
            status, body = place.get(f"/open311/v2/requests/{number}.json")
            shown = json.loads(body)[0] if status == 200 else {}
            # The words are shown only where the catalog lets strangers see them.
            if shown.get("service_request_id") != number or shown.get("description") not in (None, "", words):
                return proof.fail(f"acknowledged report {number} is not readable: {status} {body[:200]!r}")
    proof.acknowledged = acknowledged + len(ledger.acknowledged)
    proof.expect(proof.acknowledged, "nothing was acknowledged before the kills")
    slowest = percentile(restarts, 0.99)
    proof.measured = {"restart p99": f"{slowest:.2f} s"}
    proof.expect(not settings.release or slowest < 2, f"99 of 100 restarts took up to {slowest:.2f} s, not less than 2")


run(settings, [("kill -9", prove)])
