#!/usr/bin/env python3
"""PostgreSQL fails over under load: two servers under Patroni with etcd, replicating synchronously; the first is killed with SIGKILL, Patroni and
PostgreSQL both, and comes back as standby; then the other way round.

Two nodes take the load. Whoever writes hears 503 meanwhile and sends again under the same id, to either. Nothing acknowledged is lost, nothing
is doubled, writes are taken again within thirty seconds by nodes that were never restarted, and a stream that was open goes on. Each time
the standby is sent nothing in the last half second: synchronously nothing is acknowledged then; asynchronously, in the control, it is lost.
"""
import http.client
import json
import os
import pwd
import random
import shutil
import signal
import subprocess
import threading
import time
import urllib.error
import urllib.request

from place import Place, Proof, check, free_port, parser, percentile, picture, report, run
from staff import Stream, ledger, sign_in, silence

words = parser(__doc__)
words.add_argument("--times", type=int, default=2, help="failovers; the second kills what the first one made primary")
words.add_argument("--senders", type=int, default=8)
words.add_argument("--limit", type=float, default=30, help="seconds within which writes are taken again")
words.add_argument("--programs", default="/usr/lib/postgresql/15/bin", help="where PostgreSQL's programs are")
settings = words.parse_args()


class Program:
    """One program of the cluster, a group of processes of its own, as a user other than root."""

    def __init__(self, line, log, folder):
        self.line, self.log, self.folder, self.process = line, log, folder, None

    def start(self):
        user = "postgres" if os.getuid() == 0 else None
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                self.line, stdout=log, stderr=log, cwd=self.folder, start_new_session=True, user=user, group=user, extra_groups=[] if user else None,
                env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": self.folder})

    def end(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process = None


class Member:
    """A PostgreSQL and the Patroni that minds it."""

    def __init__(self, cluster, name):
        self.synchronous = cluster.synchronous
        self.folder = os.path.join(cluster.folder, name)
        self.data = os.path.join(self.folder, "data")
        self.name, self.port, self.rest = name, free_port(), free_port()
        cluster.own(self.folder)
        path = os.path.join(self.folder, "patroni.json")  # YAML reads JSON
        with open(path, "w", encoding="utf-8") as file:
            json.dump(self.settings(cluster), file, indent=1)
        self.patroni = Program(["/usr/bin/patroni", path], os.path.join(self.folder, "log"), self.folder)

    def settings(self, cluster):
        return {
            "scope": "weiwang", "name": self.name, "etcd3": {"host": f"127.0.0.1:{cluster.etcd_port}"},
            "restapi": {"listen": f"127.0.0.1:{self.rest}", "connect_address": f"127.0.0.1:{self.rest}"},
            "bootstrap": {
                "dcs": {
                    # The least that Patroni takes.
                    "ttl": 20, "loop_wait": 2, "retry_timeout": 3, "maximum_lag_on_failover": 1 << 20, "synchronous_mode": self.synchronous,
                    "postgresql": {
                        "use_pg_rewind": True,
                        "parameters": {"max_connections": 100, "wal_level": "replica", "hot_standby": "on", "wal_log_hints": "on",
                                       "synchronous_commit": "on", "shared_buffers": "64MB"},
                    },
                },
                "initdb": [{"encoding": "UTF8"}, {"locale": "C.UTF-8"}, {"auth": "trust"}],
                "pg_hba": ["host all all 127.0.0.1/32 trust", "host replication all 127.0.0.1/32 trust", "local all all trust"],
                "users": {"weiwang": {"password": "weiwang", "options": ["superuser"]}},
            },
            "postgresql": {
                "listen": f"127.0.0.1:{self.port}", "connect_address": f"127.0.0.1:{self.port}", "data_dir": self.data,
                "bin_dir": settings.programs, "pgpass": os.path.join(self.folder, "pgpass"),
                "authentication": {"superuser": {"username": "postgres", "password": "p"}, "replication": {"username": "replicator", "password": "p"},
                                   "rewind": {"username": "rewinder", "password": "p"}},
                "parameters": {"unix_socket_directories": self.folder},
            },
        }

    def state(self):
        """As Patroni tells: role, state and whether it is the synchronous standby; nothing when it does not answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.rest}/patroni", timeout=2) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            return json.load(error)
        except (OSError, ValueError):
            return {}

    def postmaster(self):
        with open(os.path.join(self.data, "postmaster.pid"), encoding="utf-8") as file:
            return int(file.readline())

    def kill(self):
        """Patroni, the postmaster and all that it started: nobody says goodbye."""
        group = [self.patroni.process.pid, self.postmaster()]
        children = subprocess.run(["ps", "-o", "pid=", "--ppid", str(group[1])], capture_output=True, text=True, check=False).stdout.split()
        for process in group + [int(child) for child in children]:
            try:
                os.kill(process, signal.SIGKILL)
            except ProcessLookupError:
                pass
        self.patroni.process.wait()

    def senders(self):
        """What sends the log to the standby."""
        return [int(line) for line in subprocess.run(
            ["psql", "-Atq", f"postgres://weiwang@127.0.0.1:{self.port}/postgres", "-c", "SELECT pid FROM pg_stat_replication"],
            capture_output=True, text=True, check=True).stdout.split()]

    def end(self):
        try:
            self.kill()
        except (OSError, ValueError, AttributeError):
            self.patroni.end()


class Cluster:
    """Two members, and the etcd that knows which of them writes."""

    def __init__(self, folder, synchronous=True):
        self.folder, self.etcd_port, self.synchronous = folder, free_port(), synchronous
        self.own(folder)
        os.chmod(settings.scratch, 0o755)
        store, peer = os.path.join(folder, "etcd"), free_port()
        self.own(store)
        self.etcd = Program(
            ["etcd", "--data-dir", store, "--listen-client-urls", f"http://127.0.0.1:{self.etcd_port}",
             "--advertise-client-urls", f"http://127.0.0.1:{self.etcd_port}", "--listen-peer-urls", f"http://127.0.0.1:{peer}",
             "--initial-advertise-peer-urls", f"http://127.0.0.1:{peer}", "--initial-cluster", f"default=http://127.0.0.1:{peer}"],
            os.path.join(folder, "etcd.log"), folder)
        self.members = [Member(self, "one"), Member(self, "two")]

    @staticmethod
    def own(folder):
        os.makedirs(folder, mode=0o700)
        if os.getuid() == 0:
            os.chown(folder, pwd.getpwnam("postgres").pw_uid, -1)

    def start(self):
        self.etcd.start()
        self.members[0].patroni.start()
        self.wait(lambda: self.primary() is self.members[0], "the first member did not become primary")
        self.members[1].patroni.start()
        self.settled()

    def wait(self, what, sentence, patience=120):
        began = time.monotonic()
        while not what():
            if time.monotonic() - began > patience:
                raise RuntimeError(f"{sentence} within {patience} s: {[member.state() for member in self.members]}")
            time.sleep(0.1)
        return time.monotonic() - began

    def primary(self):
        return next((member for member in self.members if member.state().get("role") in ("master", "primary")), None)

    def settled(self):
        """One writes, and the other has each commit before it is answered. Returns the seconds that it took."""
        def holds():
            primary = self.primary()
            if not primary:
                return False
            standby, wanted = self.other(primary), "sync" if self.synchronous else "async"
            said = subprocess.run(
                ["psql", "-Atq", f"postgres://weiwang@127.0.0.1:{primary.port}/postgres", "-c",
                 f"SELECT COUNT(*) FROM pg_stat_replication WHERE sync_state = '{wanted}' AND state = 'streaming'"],
                capture_output=True, text=True, check=False).stdout
            return said.strip() == "1" and standby.state().get("sync_standby", False) == self.synchronous
        return self.wait(holds, "there was no primary with a standby")

    def other(self, member):
        return next(one for one in self.members if one is not member)

    def fail(self):
        """The primary sends nothing to the standby for half a second, then it dies. Returns it and the instants of silence and death."""
        victim = self.primary()
        for process in victim.senders():
            os.kill(process, signal.SIGSTOP)
        began = time.monotonic()
        time.sleep(0.5)
        victim.kill()
        return victim, began, time.monotonic()

    def url(self):
        hosts = ",".join(f"127.0.0.1:{member.port}" for member in self.members)
        return f"postgres://weiwang@{hosts}/postgres?target_session_attrs=read-write"

    def end(self):
        for member in self.members:
            member.end()
        self.etcd.end()


class Persistent:
    """Senders that send each report under its id, to one node or the other, until it is acknowledged."""

    def __init__(self, nodes, key, services, book, seed):
        self.nodes, self.key, self.services, self.ledger = nodes, key, services, book
        self.stopping, self.wrong, self.refused, self.again = threading.Event(), [], {}, 0
        self.threads = [threading.Thread(target=self.send, args=(random.Random(f"{seed} {number}"),), daemon=True)
                        for number in range(settings.senders)]
        for thread in self.threads:
            thread.start()

    def send(self, source):
        while not self.stopping.is_set():
            said = f"fault {source.getrandbits(128):032x}"
            photo = picture(source) if source.random() < 0.02 else None
            body, headers = report(self.key, source.choice(self.services), said, source, photo)
            with self.ledger.lock:
                self.ledger.sent.add(said)
            until = time.monotonic() + 90
            while not self.once(source.choice(self.nodes), said, body, headers, photo is not None):
                if time.monotonic() > until:
                    self.wrong.append("a report was not taken within 90 s")
                    return
                time.sleep(0.1)

    def once(self, node, said, body, headers, has_photo):
        """True when there is no more to be sent."""
        try:
            status, text, _ = node.ask("POST", "/open311/v2/requests.json", body, headers)
        except (OSError, http.client.HTTPException):
            status, text = 0, b""
        with self.ledger.lock:
            if status == 200:
                self.ledger.acknowledged[said] = json.loads(text)[0]["service_request_id"]
                if has_photo:
                    self.ledger.with_photo.add(said)
                return True
            self.refused[status] = self.refused.get(status, 0) + 1
            self.again += 1
            if status not in (0, 503):
                self.wrong.append(f"a report was refused: {status} {text[:200]!r}")
                return True
        return False

    def stop(self):
        self.stopping.set()
        for thread in self.threads:
            thread.join(100)
        if any(thread.is_alive() for thread in self.threads):
            raise RuntimeError("a sender did not come to an end")


def hears_again(stream, book, gap_end, proof):
    """What was acknowledged after the failover is told on the stream that was open before. Returns the delays."""
    with book.lock:
        told = {number: book.acknowledged.at[said] for said, number in book.acknowledged.items() if book.acknowledged.at[said] >= gap_end}
    until = time.monotonic() + 15
    while time.monotonic() < until and any(number not in stream.heard for number in told):
        time.sleep(0.05)
    deaf = [number for number in told if number not in stream.heard]
    proof.expect(not stream.ended, "the stream that was open ended")
    proof.expect(not deaf, f"{len(deaf)} of {len(told)} matters after the failover were never heard of")
    return [max(0, stream.heard[number] - at) for number, at in told.items() if number in stream.heard]


def missing():
    """What was not done is not passed over."""
    names = [name for name in ("etcd", "/usr/bin/patroni") if not shutil.which(name)]
    return f"{' and '.join(names)} missing: scripts/setup.sh soak installs them" if names else ""


def prove(_, proof):
    if missing():
        return proof.fail(missing())
    cluster, nodes = Cluster(os.path.join(settings.scratch, "patroni")), []
    try:
        cluster.start()
        place = Place(settings, "postgres", url=cluster.url())
        nodes = [place, Place(settings, "postgres", folder=place.folder, url=place.url)]
        key, password, book = place.client(), place.user("boss", "root_center"), ledger()
        for node in nodes:
            node.start()
        servers, services = [node.server.pid for node in nodes], place.services()
        cookie = sign_in(place, "boss", password)
        refused, again, gaps, backs, delays = {}, 0, [], [], []
        for turn in range(settings.times):
            stream, times = Stream(nodes[turn % 2], cookie), book.acknowledged.at
            began = len(times)
            load = Persistent(nodes, key, services, book, settings.seed + turn)
            time.sleep(random.uniform(3, 5))
            proof.expect(len(times) > began, "nothing was acknowledged before the failover")
            victim, _, died = cluster.fail()
            proof.faults += 1

            def since(instant):
                with book.lock:
                    return [at for at in times.values() if at > instant]

            while len(since(died + 2)) < 50 and time.monotonic() - died < settings.limit + 30:
                time.sleep(0.1)
            time.sleep(3)
            load.stop()
            gaps.append(silence(since(died), died))
            delays += hears_again(stream, book, died + 2, proof)
            proof.expect(not load.wrong, str(load.wrong[:2]))
            for status, count in load.refused.items():
                refused[status] = refused.get(status, 0) + count
            again += load.again
            survivor = cluster.primary()
            proof.expect(survivor and survivor is not victim, "nobody else became primary")
            victim.patroni.start()
            backs.append(cluster.settled())
            proof.expect(cluster.primary() is survivor, "the old primary took over again")
            for node in nodes:
                node.settle()
            stored = check(place, book, proof)
            print(f"  failover {turn + 1}/{settings.times}: {len(book.acknowledged)} acknowledged, {stored} stored, no writes for {gaps[-1]:.1f} s, "
                  f"standby again after {backs[-1]:.1f} s", flush=True)
            if proof.wrong:
                break
        proof.expect([node.server.pid for node in nodes if node.lives] == servers, "a node ended")
        proof.expect(max(gaps) < settings.limit, f"no write was taken for {max(gaps):.1f} s")
        slow = percentile(delays, 0.99)
        proof.expect(slow < 3, f"after a failover 99 of 100 were heard of within {slow:.1f} s, not within 3")
        proof.measured = {
            "write gap at most": f"{max(gaps):.1f} s", "write gaps": " ".join(f"{gap:.1f}" for gap in gaps[:10]), "sent again": again,
            "refused": " ".join(f"{s or 'no answer'}×{n}" for s, n in sorted(refused.items())),
            "heard on an open stream afterwards p99": f"{slow:.2f} s",
            "old primary a synchronous standby again within": f"{max(backs):.1f} s"}
    finally:
        for node in nodes:
            node.end()
        cluster.end()


def control(_, proof):
    """The same with an asynchronous standby: what was acknowledged while it was sent nothing is lost, and the look finds it."""
    if missing():
        return proof.fail(missing())
    cluster, place = Cluster(os.path.join(settings.scratch, "patroni"), synchronous=False), None
    try:
        cluster.start()
        place = Place(settings, "postgres", url=cluster.url())
        key, book, found = place.client(), ledger(), Proof("", "postgres", 0)
        place.start()
        load = Persistent([place], key, place.services(), book, settings.seed)
        time.sleep(3)
        victim, deaf, died = cluster.fail()
        proof.faults += 1
        meanwhile = sum(deaf < at < died for at in book.acknowledged.at.values())
        cluster.wait(lambda: cluster.primary() not in (None, victim), "nobody else became primary")
        load.stop()
        # What the nodes remember of the lost end is worth nothing.
        place.kill()
        place.start()
        check(place, book, found, settled=False)
        proof.acknowledged = len(book.acknowledged)
        proof.measured = {"lost": f"{found.lost} of {meanwhile} acknowledged while the standby was sent nothing"}
        proof.expect(found.lost, "an asynchronous standby that was sent nothing for half a second lost nothing: the test is blind")
    finally:
        if place:
            place.end()
        cluster.end()


run(settings, [("failover of PostgreSQL by Patroni", prove, ("postgres",)), ("failover, control with an asynchronous standby", control, ("postgres",))])
