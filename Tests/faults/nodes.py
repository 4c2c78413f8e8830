#!/usr/bin/env python3
"""Two nodes serve one PostgreSQL and one folder; under load one of them is killed with SIGKILL, again and again, and started again.

The other answers on. Nothing acknowledged is lost, nothing is doubled, also of what is sent again to the other node; notices, seals and
timers go on there, each once. A session is good on both, and a stream on one tells within a second what was done on the other.
"""
import random
import subprocess
import time

from place import Ledger, Load, Place, check, parser, percentile, run
from staff import Stream, ledger, sign_in, silence, visit

words = parser(__doc__)
words.add_argument("--rounds", type=int, default=3, help="kills")
words.add_argument("--senders", type=int, default=8, help="at each node")
words.add_argument("--timers", type=int, default=2000, help="that ring while nodes die")
words.add_argument("--seconds", type=float, default=5, help="of load while a stream is listened to")
settings = words.parse_args()


def joined(ledgers):
    whole = Ledger()
    for one in ledgers:
        whole.sent |= one.sent
        whole.with_photo |= one.with_photo
        whole.acknowledged.update(one.acknowledged)
    return whole


def hears(one, other, cookie, key, services, proof):
    """What is done on one node is heard on the other while both are at work. Returns ledgers and delays."""
    stream, ledgers = Stream(other, cookie), [ledger(), ledger()]
    loads = [Load(node, key, services, book, 3, seed=f"{settings.seed} live {node.port}").start() for node, book in zip((one, other), ledgers)]
    time.sleep(settings.seconds)
    for load in loads:
        load.stop()
        proof.expect(not load.refused, f"a report was refused: {load.refused[:1]}")
    told = ledgers[0].acknowledged
    until = time.monotonic() + 10
    while time.monotonic() < until and not stream.ended and any(number not in stream.heard for number in told.values()):
        time.sleep(0.02)
    proof.expect(not stream.ended, "the stream ended under load")
    deaf = [number for number in told.values() if number not in stream.heard]
    proof.expect(told and not deaf, f"{len(deaf)} of {len(told)} matters were never heard of on the other node")
    delays = [max(0, stream.heard[number] - told.at[words]) for words, number in told.items() if number in stream.heard]
    proof.expect(percentile(delays, 0.99) < 1, f"99 of 100 were heard of within {percentile(delays, 0.99):.2f} s, not within 1")
    # Signing out on one node ends what is open on the other.
    token = visit(one, "/me", cookie)[2]
    status = visit(one, "/sign-out", cookie, {"csrf": token})[0]
    began = time.monotonic()
    while not stream.ended and time.monotonic() - began < 5:
        time.sleep(0.02)
    proof.expect(status == 303 and stream.ended, f"signing out on one node answered {status} and left the stream on the other open")
    return ledgers, delays


def refuses_commands(place, proof):
    done = subprocess.run([place.settings.weiwang, "client", "add", "second", *place.options], capture_output=True, text=True, timeout=60)
    proof.expect(done.returncode == 3, f"a command that writes ended with {done.returncode} beside a node: {done.stderr[-300:]}")


def timers(nodes, proof):
    """Many limits run out within seconds, and each node dies meanwhile: each reminder and each limit is told of once."""
    place = nodes[0]
    now = int(time.time() * 1000) + 2000
    subprocess.run(["psql", "-q", place.url, "-c", f"""UPDATE timer SET due_at = {now} + CAST(random() * 5000 AS bigint)
        WHERE id IN (SELECT id FROM timer WHERE sort IN ('clock.remind', 'clock.late') ORDER BY id LIMIT {settings.timers})"""], check=True)
    before = dict(place.rows(f"SELECT sort, COUNT(*) FROM timer WHERE due_at < {now + 5001} GROUP BY sort"))
    for node in random.sample(nodes, len(nodes)):
        time.sleep(random.uniform(0.5, 1.5))
        node.kill()
        proof.faults += 1
        time.sleep(random.uniform(0.3, 1))
        node.start()
    began = time.monotonic()
    while place.count(f"SELECT COUNT(*) FROM timer WHERE due_at < {now + 5001}") and time.monotonic() - began < 120:
        time.sleep(0.2)
    for node in nodes:
        node.settle()
    for sort, verb in (("clock.remind", "matter.reminded"), ("clock.late", "matter.late")):
        rang = int(before.get(sort, 0))
        told = place.count(f"SELECT COUNT(*) FROM entry WHERE verb = '{verb}'")
        proof.lost += max(0, rang - told)
        proof.doubled += max(0, told - rang)
        proof.expect(told == rang, f"{rang} timers {sort} made {told} entries")
    again = place.count("""SELECT COUNT(*) FROM (SELECT 1 FROM entry WHERE verb IN ('matter.reminded', 'matter.late')
        GROUP BY subject_id, verb, detail HAVING COUNT(*) > 1) twice""")
    doubled = place.count("""SELECT COUNT(*) FROM (SELECT 1 FROM inbox WHERE key IN ('notice.matter.reminded', 'notice.matter.late')
        GROUP BY matter_id, key, owner_id, parameters HAVING COUNT(*) > 1) twice""")
    proof.doubled += again + doubled
    proof.expect(not again and not doubled, f"{again} limits and {doubled} notices of limits came twice")
    silent = place.count("""SELECT COUNT(*) FROM entry e WHERE e.verb = 'matter.reminded'
        AND NOT EXISTS (SELECT 1 FROM inbox i WHERE i.matter_id = e.subject_id AND i.key = 'notice.matter.reminded')""")
    proof.lost += silent
    proof.expect(not silent, f"of {silent} reminders nobody was told")
    rang = sum(map(int, before.values()))
    proof.expect(rang, "no timer rang")
    return rang


def prove(place, proof):
    key, password = place.client(), place.user("boss", "root_center")
    nodes = [place, Place(settings, "postgres", folder=place.folder, url=place.url)]
    try:
        for node in nodes:
            node.start()
        services, cookie = place.services(), sign_in(nodes[0], "boss", password)
        refuses_commands(place, proof)
        ledgers, delays = hears(*nodes, cookie, key, services, proof)
        restarts, silences, takeovers = [], [], []
        for turn in range(settings.rounds):
            victim, other = random.sample(nodes, 2)
            books = [ledger(), ledger()]
            ledgers += books
            loads = [Load(node, key, services, book, settings.senders, photos=0.02, seed=f"{settings.seed} {turn} {node.port}").start()
                     for node, book in zip((victim, other), books)]
            time.sleep(random.uniform(0.3, 2))
            victim.kill()
            died = time.monotonic()
            proof.faults += 1
            if turn == 0:
                refuses_commands(place, proof)
            time.sleep(random.uniform(1, 3))
            for load in loads:
                load.stop()
                proof.expect(not load.refused, f"a report was refused: {load.refused[:1]}")
            silences.append(silence(books[1].acknowledged.at.values(), died))
            # Whoever got no answer tries the other node.
            loads[0].place = other
            refused = loads[0].send_again()
            proof.expect(not refused, f"a report sent again to the other node was refused: {refused[:1]}")
            other.settle()
            takeovers.append(time.monotonic() - died)
            restarts.append(victim.start())
            acknowledged = sum(len(book.acknowledged) for book in ledgers)
            print(f"  kill -9 of one of two nodes {turn + 1}/{settings.rounds}: {acknowledged} acknowledged, "
                  f"the other silent for {silences[-1]:.2f} s", flush=True)
            # All that is stored is looked at each time, so not too often.
            if (turn + 1) % 5 == 0 or turn + 1 == settings.rounds:
                check(other, joined(ledgers), proof)
            if proof.wrong:
                return
        rang = timers(nodes, proof)
        check(place, joined(ledgers), proof, shapes_of=lambda _: False)
        proof.expect(max(silences) < 5, f"the other node was silent for {max(silences):.1f} s")
        proof.measured = {
            "heard on the other node p99": f"{percentile(delays, 0.99):.2f} s", "acts heard": len(delays),
            "other node silent at most": f"{max(silences):.2f} s", "followers in step after a death within": f"{max(takeovers):.1f} s",
            "restart p99": f"{percentile(restarts, 0.99):.2f} s", "timers rung": rang}
    finally:
        nodes[1].end()


run(settings, [("two nodes, one killed", prove, ("postgres",))])
