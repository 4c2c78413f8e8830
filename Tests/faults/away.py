#!/usr/bin/env python3
"""PostgreSQL goes away under load and comes back; and it, or the server, dies between a photo's file and its row.

While it is away /health says so, and whoever writes hears 503 with a sentence and a time; when it is back all goes on without a restart.
Nothing acknowledged is lost, no row is without its file, and files without a row are swept.
"""
import os
import pwd
import random
import re
import subprocess
import time

from place import Ledger, Load, Place, check, free_port, parser, run

words = parser(__doc__)
words.add_argument("--times", type=int, default=2, help="how often it goes, and how often a death between file and row is tried")
words.add_argument("--programs", default="/usr/lib/postgresql/15/bin", help="where initdb and pg_ctl are")
settings = words.parse_args()


class Cluster:
    """A PostgreSQL of this test's own, as a user other than root."""

    def __init__(self, folder):
        self.folder, self.port = folder, free_port()
        os.makedirs(folder)
        self.user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
        if self.user:
            for path in (os.path.dirname(folder), folder):
                os.chmod(path, 0o755)
            os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)
        self.program("initdb", "-U", "weiwang", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8")
        self.start()

    def program(self, name, *words):
        subprocess.run([*self.user, os.path.join(settings.programs, name), "-D", os.path.join(self.folder, "cluster"), *words],
                       check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")

    def start(self):
        self.program("pg_ctl", "-w", "-s", "-l", os.path.join(self.folder, "log"), "start", "-o",
                     f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c max_connections=60")

    def stop(self, mode):
        self.program("pg_ctl", "-w", "-s", "-m", mode, "stop")

    @property
    def url(self):
        return f"postgres://weiwang@127.0.0.1:{self.port}/postgres"


def refusals(load, proof, statuses):
    for status, text, sent in load.refused:
        statuses[status] = statuses.get(status, 0) + 1
        if status != 503 or b"description" not in text or "Retry-After" not in sent:
            proof.fail(f"refused with {status} {text[:200]!r}, Retry-After {sent.get('Retry-After')}")
            return


def away(place, proof):
    cluster = Cluster(os.path.join(settings.scratch, "cluster"))
    place = Place(settings, "postgres", url=cluster.url)
    try:
        key, ledger, statuses, back, said = place.client(), Ledger(), {}, [], []
        place.start()
        services = place.services()
        for turn in range(settings.times):
            load = Load(place, key, services, ledger, senders=8, photos=0.05, seed=settings.seed + turn, patient=True).start()
            time.sleep(random.uniform(1, 2))
            cluster.stop(random.choice(("immediate", "fast")))
            proof.faults += 1
            began = time.monotonic()
            status, body = place.health()
            said.append(time.monotonic() - began)
            proof.expect(status == 503 and body.get("outage") == "databaseAway" and body.get("message"), f"/health said {status} {body}")
            time.sleep(random.uniform(0.5, 2))
            proof.expect(place.lives, "the server ended")
            cluster.start()
            began, before = time.monotonic(), len(ledger.acknowledged)
            while len(ledger.acknowledged) == before and time.monotonic() - began < 30:
                time.sleep(0.02)
            back.append(time.monotonic() - began)
            time.sleep(0.5)
            load.stop()
            proof.expect(load.refused, "nobody was told that the database is away")
            refusals(load, proof, statuses)
            proof.expect(back[-1] < 5, f"service came back {back[-1]:.1f} s after the database")
            place.settle()
        check(place, ledger, proof)
        proof.measured = {"/health said it within": f"{max(said):.2f} s", "refused": " ".join(f"{s}×{n}" for s, n in sorted(statuses.items())),
                          "service back within": f"{max(back):.2f} s"}
    finally:
        place.end()
        cluster.stop("immediate")


def between(place, proof):
    """Photos all the time, and death at any moment: of the server, on PostgreSQL of all its connections too."""
    key, ledger = place.client(), Ledger()
    place.start()
    services = place.services()
    for turn in range(settings.times):
        load = Load(place, key, services, ledger, senders=6, photos=1, seed=settings.seed + turn, patient=True).start()
        for _ in range(4 if place.url else 0):
            time.sleep(random.uniform(0.2, 0.6))
            cut_off(place)
            proof.faults += 1
        time.sleep(random.uniform(0.3, 1.5))
        place.kill()
        proof.faults += 1
        load.join()
        place.start()
        refused = load.send_again()
        proof.expect(not refused, f"a report sent again was refused: {refused[:1]}")
        refusals(load, proof, {})
        place.settle()
        check(place, ledger, proof)
    # What no row names is old by now: the sweep at the start takes it, and nothing else.
    place.kill()
    files = os.path.join(place.folder, "files")
    paths = [os.path.join(path, name) for path, _, names in os.walk(files) for name in names if re.fullmatch("[0-9a-f]{64}", name)]
    noted = {row[0] for row in place.rows("SELECT digest FROM file")}
    orphans = [path for path in paths if os.path.basename(path) not in noted]
    # One more, so that there is something to sweep.
    shelf = os.path.join(files, "00")
    os.makedirs(shelf, exist_ok=True)
    orphans.append(os.path.join(shelf, "00" + "f" * 62))
    with open(orphans[-1], "wb") as file:
        file.write(b"nobody's")
    for path in paths + orphans:
        os.utime(path, (time.time() - 7200, time.time() - 7200))
    place.start()
    for _ in range(100):
        if not any(os.path.exists(path) for path in orphans):
            break
        time.sleep(0.1)
    left = [path for path in orphans if os.path.exists(path)]
    proof.expect(not left, f"{len(left)} files without a row were not swept")
    check(place, ledger, proof, settled=False)
    proof.measured = {"photos": len(ledger.with_photo), "files without a row, swept": len(orphans) - 1}


def cut_off(place):
    subprocess.run(["psql", "-Atq", place.settings.postgres, "-c",
                    f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{place.url.rpartition('/')[2]}'"],
                   check=True, stdout=subprocess.DEVNULL)


run(settings, [("death between file and row", between), ("database away and back", away, ("postgres",))])
