"""What the fault tests share: a data folder with its database and its server, people who report, and a look at what is stored.

What is there is read from the database itself, never from the server under test.
"""
import argparse
import hashlib
import http.client
import json
import os
import random
import shutil
import signal
import socket
import sqlite3
import struct
import subprocess
import sys
import threading
import time
import urllib.parse
import uuid
import zlib


def parser(about, **defaults):
    """The settings of every fault test; each adds its own."""
    words = argparse.ArgumentParser(description=about)
    words.add_argument("--weiwang", required=True, help="the binary")
    words.add_argument("--postgres", help="postgres://user@host:port/postgres of a cluster to make databases in; without it SQLite alone")
    words.add_argument("--scratch", required=True, help="folder for the data, removed afterwards")
    words.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 32), help="of everything that is random")
    words.add_argument("--sum", help="file to leave 'passed failed' in")
    words.add_argument("--proof", help="file that gets a line of JSON for each test")
    words.add_argument("--release", action="store_true", help="hold the figures that are meant for a release build")
    words.set_defaults(**defaults)
    return words


class Proof:
    """What one test did, and what was wrong."""

    def __init__(self, name, database, seed):
        self.name, self.database, self.seed = name, database, seed
        self.faults = self.acknowledged = self.lost = self.doubled = self.half = 0
        self.measured, self.wrong = {}, []
        self.skipped = None
        self.began = time.monotonic()

    def fail(self, sentence):
        self.wrong.append(sentence)

    def expect(self, holds, sentence):
        if not holds:
            self.fail(sentence)

    def line(self):
        return {
            "test": self.name, "database": self.database, "faults": self.faults, "acknowledged": self.acknowledged, "lost": self.lost,
            "doubled": self.doubled, "half": self.half, "seconds": round(time.monotonic() - self.began, 1), "seed": self.seed,
            "measured": self.measured, "wrong": self.wrong, "skipped": self.skipped,
        }


def run(settings, tests, databases=("sqlite", "postgres")):
    """Runs each (title, prove, databases) on each database, those of the call if it names none, and ends the process."""
    passed = failed = 0
    try:
        for title, prove, *only in tests:
            for database in only[0] if only else databases:
                if database == "postgres" and not settings.postgres:
                    continue
                shutil.rmtree(settings.scratch, ignore_errors=True)
                os.makedirs(settings.scratch)
                proof = one(settings, title, prove, database)
                if settings.proof:
                    with open(settings.proof, "a", encoding="utf-8") as file:
                        print(json.dumps(proof.line(), ensure_ascii=False), file=file)
                failed += bool(proof.wrong)
                passed += not proof.wrong and not proof.skipped
                if proof.wrong and os.environ.get("WEIWANG_KEEP"):
                    sys.exit(1)
    finally:
        if not os.environ.get("WEIWANG_KEEP"):
            shutil.rmtree(settings.scratch, ignore_errors=True)
    if settings.sum:
        with open(settings.sum, "w", encoding="utf-8") as file:
            print(passed, failed, file=file)
    sys.exit(1 if failed else 0)


def one(settings, title, prove, database):
    random.seed(settings.seed)
    proof, place = Proof(title, database, settings.seed), None
    try:
        place = Place(settings, database)
        prove(place, proof)
    except (RuntimeError, OSError, subprocess.SubprocessError, ValueError, KeyError, http.client.HTTPException, sqlite3.Error) as error:
        proof.fail(f"{type(error).__name__}: {error}")
    finally:
        if place:
            place.end()
    figures = "".join(f", {name} {value}" for name, value in proof.measured.items())
    said = (f"{title} on {database}: {proof.faults} faults, {proof.acknowledged} acknowledged, {proof.lost} lost, {proof.doubled} doubled, "
            f"{proof.half} half{figures} ({time.monotonic() - proof.began:.0f} s, --seed {settings.seed})")
    for sentence in proof.wrong[:20]:
        print(f"failed: {title} on {database}: {sentence}")
    if proof.skipped:
        said = f"{title} on {database}: {proof.skipped}"
    print(("        " if proof.wrong else "skipped: " if proof.skipped else "passed: ") + said, flush=True)
    return proof


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def compiled(settings, name, target, *more):
    """Compiles a C source of this folder into the scratch folder. Returns the path of what came out."""
    compiler = shutil.which("cc") or shutil.which("clang")  # Swift brings the second
    if not compiler:
        raise RuntimeError("there is no C compiler here")
    path = os.path.join(settings.scratch, target)
    source = os.path.join(os.path.dirname(os.path.abspath(__file__)), name)
    subprocess.run([compiler, "-O2", *more, "-o", path, source], check=True)
    return path


def percentile(values, share):
    ordered = sorted(values)
    return ordered[int((len(ordered) - 1) * share)] if ordered else 0.0


def picture(source=random):
    """A small PNG that no other is like."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + source.randbytes(48) for _ in range(16))
    head = struct.pack(">IIBBBBB", 16, 16, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


class Place:
    """One data folder, with its database and its server."""

    def __init__(self, settings, database, folder=None, url=None):
        self.settings, self.name = settings, database
        self.folder = folder or os.path.join(settings.scratch, database)
        os.makedirs(self.folder, exist_ok=True)
        self.server, self.url, self.environment, self.more = None, url, {}, []
        self.log_path = os.path.join(settings.scratch, database + ".log")
        if database == "postgres" and not url:
            self.new_database()

    def new_database(self):
        base, _, _ = self.settings.postgres.rpartition("/")
        name = "faults_" + uuid.uuid4().hex[:12]
        subprocess.run(["psql", "-q", self.settings.postgres, "-c", f"CREATE DATABASE {name}"], check=True)
        self.url = f"{base}/{name}"

    @property
    def options(self):
        return ["--data", self.folder] + (["--database", self.url] if self.url else [])

    def command(self, *words, timeout=120):
        done = subprocess.run(
            [self.settings.weiwang, *words, *self.options], capture_output=True, text=True, timeout=timeout,
            env={**os.environ, **self.environment})
        if done.returncode:
            raise RuntimeError(f"weiwang {' '.join(words)} ended with {done.returncode}: {done.stderr[-2000:]}")
        return done.stdout

    def user(self, name, role):
        """Somebody who signs in by the password alone: there is no phone here that makes codes. Returns the password. No server may run."""
        password = self.command("user", "add", name, "--role", role).split()[-1]
        waive = "INSERT INTO meta (key, value) VALUES ('second_factor.waived', 'test') ON CONFLICT (key) DO NOTHING"
        if self.url:
            subprocess.run(["psql", "-q", self.url, "-c", waive], check=True)
        else:
            with sqlite3.connect(os.path.join(self.folder, "weiwang.sqlite")) as connection:
                connection.execute(waive)
            connection.close()
        return password

    def client(self):
        """The key of a new client that may report as often as it likes."""
        return self.command("client", "add", "load", "--rate", "0").split()[-1]

    def start(self, patience=60):
        """Starts the server. Returns the seconds until it was ready."""
        began = time.monotonic()
        self.launch()
        while time.monotonic() - began < patience:
            if self.server.poll() is not None:
                raise RuntimeError(f"the server ended by itself with {self.server.returncode}: {self.words()}")
            try:
                if self.get("/health")[0] == 200:
                    return time.monotonic() - began
            except OSError:
                pass
            time.sleep(0.02)
        raise RuntimeError(f"the server did not answer /health within {patience} s")

    def launch(self):
        self.port = free_port()
        with open(self.log_path, "ab") as log:
            self.server = subprocess.Popen(
                [self.settings.weiwang, "serve", *self.options, "--port", str(self.port), *self.more], stdout=log, stderr=log,
                env={**os.environ, **self.environment})

    def words(self):
        """The last the server said."""
        with open(self.log_path, encoding="utf-8", errors="replace") as log:
            return log.read()[-600:]

    @property
    def lives(self):
        return self.server is not None and self.server.poll() is None

    def kill(self):
        self.server.send_signal(signal.SIGKILL)
        self.server.wait()

    def stop(self):
        self.server.send_signal(signal.SIGTERM)
        try:
            return self.server.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()
            raise RuntimeError("the server did not end within 30 s of being asked to") from None

    def end(self):
        if self.lives:
            self.kill()

    def ask(self, method, path, body=None, headers=None, timeout=20):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, answer.read(), dict(answer.getheaders())
        finally:
            connection.close()

    def get(self, path, timeout=20):
        return self.ask("GET", path, timeout=timeout)[:2]

    def health(self):
        status, body = self.get("/health")
        return status, json.loads(body)

    def settle(self, patience=60):
        """Waits until every follower has followed."""
        began = time.monotonic()
        while time.monotonic() - began < patience:
            status, body = self.health()
            if status == 200 and all(follower["behind"] == 0 for follower in body["followers"]):
                return time.monotonic() - began
            time.sleep(0.05)
        raise RuntimeError(f"the followers are still behind after {patience} s")

    def services(self):
        return [service["service_code"] for service in json.loads(self.get("/open311/v2/services.json")[1])]

    def rows(self, query):
        if self.url:
            done = subprocess.run(
                ["psql", "-Atq", self.url, "-c", f"COPY ({query}) TO STDOUT"], capture_output=True, text=True, check=True)
            return [line.split("\t") for line in done.stdout.splitlines()]
        connection = sqlite3.connect(os.path.join(self.folder, "weiwang.sqlite"), timeout=20)
        try:
            return [[str(value) for value in row] for row in connection.execute(query)]
        finally:
            connection.close()

    def count(self, query):
        return int(self.rows(query)[0][0])

    def file(self, digest):
        return os.path.join(self.folder, "files", digest[:2], digest)


def report(key, service, words, source=random, photo=None, own=None):
    """Body and headers of an Open311 report."""
    form = {
        "api_key": key, "service_code": service, "description": words, "lat": f"{34.75 + source.random() / 100:.6f}",
        "long": f"{113.6 + source.random() / 100:.6f}", "id": own or str(uuid.uuid4()),
    }
    if photo is None:
        return urllib.parse.urlencode(form).encode(), {"Content-Type": "application/x-www-form-urlencoded"}
    edge = uuid.uuid4().hex
    parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in form.items()]
    parts.append(f'--{edge}\r\nContent-Disposition: form-data; name="media"; filename="a.png"\r\nContent-Type: image/png\r\n\r\n'.encode())
    return b"".join(parts) + photo + f"\r\n--{edge}--\r\n".encode(), {"Content-Type": f"multipart/form-data; boundary={edge}"}


class Ledger:
    """What was sent, and what the server said that it has."""

    def __init__(self):
        self.lock = threading.Lock()
        self.sent = set()
        self.acknowledged = {}
        self.with_photo = set()


class Load:
    """Senders that post reports as fast as they are answered, until the server is gone or they are told to stop."""

    def __init__(self, place, key, services, ledger, senders=24, photos=0.0, seed=0, patient=False):
        self.place, self.key, self.services, self.ledger, self.photos, self.patient = place, key, services, ledger, photos, patient
        self.refused, self.open = [], []
        self.stopping = threading.Event()
        self.threads = [threading.Thread(target=self.send, args=(random.Random(f"{seed} {number}"),), daemon=True) for number in range(senders)]

    def start(self):
        for thread in self.threads:
            thread.start()
        return self

    def stop(self):
        self.stopping.set()
        self.join()

    def join(self):
        for thread in self.threads:
            thread.join(60)
        if any(thread.is_alive() for thread in self.threads):
            raise RuntimeError("an answer did not come within 60 s")

    def send(self, source):
        connection = http.client.HTTPConnection("127.0.0.1", self.place.port, timeout=40)
        try:
            while not self.stopping.is_set():
                words = "fault " + uuid.uuid4().hex
                photo = picture(source) if source.random() < self.photos else None
                body, headers = report(self.key, source.choice(self.services), words, source, photo)
                with self.ledger.lock:
                    self.ledger.sent.add(words)
                try:
                    connection.request("POST", "/open311/v2/requests.json", body, headers)
                    answer = connection.getresponse()
                    text = answer.read()
                except (OSError, http.client.HTTPException):
                    with self.ledger.lock:
                        self.open.append((words, body, headers, photo is not None))
                    raise
                if answer.status == 200:
                    self.note(words, text, photo is not None)
                    continue
                with self.ledger.lock:
                    self.refused.append((answer.status, text, dict(answer.getheaders())))
                if not self.patient:
                    return
                self.stopping.wait(0.05)
        except (OSError, http.client.HTTPException, ValueError, IndexError, KeyError):
            return  # the server is gone; what was under way is not acknowledged
        finally:
            connection.close()

    def note(self, words, text, has_photo):
        number = json.loads(text)[0]["service_request_id"]
        with self.ledger.lock:
            self.ledger.acknowledged[words] = number
            if has_photo:
                self.ledger.with_photo.add(words)

    def send_again(self):
        """What was never answered is sent again under the same id. Returns what was refused."""
        refused = []
        for words, body, headers, has_photo in self.open:
            status, text, _ = self.place.ask("POST", "/open311/v2/requests.json", body, headers)
            if status == 200:
                self.note(words, text, has_photo)
            else:
                refused.append((status, text[:200]))
        return refused


def check(place, ledger, proof, settled=True, shapes_of=lambda words: True):
    """Compares what is stored with what was acknowledged. Returns how many reports are stored.

    - shapes_of: which of the reports must look like all others of their sort.
    """
    stored, shapes = {}, {}
    # What one report writes, counted for each: all of a sort must look alike, or one of them is half done.
    told = "COALESCE(told.n, 0)" if settled else "0"
    # Those without an index by matter are counted for all at once.
    for words, number, report_photos, opened, rang, *shape in place.rows(
        f"""WITH told AS (SELECT matter_id, COUNT(*) AS n FROM inbox GROUP BY matter_id),
              ringing AS (SELECT c.matter_id, COUNT(*) AS n FROM timer t JOIN clock c ON c.id = t.subject_id GROUP BY c.matter_id)
            SELECT m.words, m.number, (SELECT COUNT(*) FROM photo p WHERE p.matter_id = m.id AND p.state = 'here'),
              (SELECT COUNT(*) FROM entry e WHERE e.subject_id = m.id AND e.verb = 'matter.opened'),
              (SELECT COUNT(*) FROM entry e WHERE e.subject_id = m.id AND e.verb IN ('matter.reminded', 'matter.late')),
              (SELECT COUNT(*) FROM report r WHERE r.matter_id = m.id AND r.first_matter_id = m.id),
              (SELECT COUNT(*) FROM part p WHERE p.matter_id = m.id), (SELECT COUNT(*) FROM clock c WHERE c.matter_id = m.id),
              COALESCE(ringing.n, 0),
              (SELECT COUNT(*) FROM search_doc s WHERE s.subject_id = m.id),
              (SELECT COUNT(*) FROM photo p WHERE p.matter_id = m.id) * 100 + {told}, COALESCE(m.category, m.channel)
            FROM matter m LEFT JOIN told ON told.matter_id = m.id LEFT JOIN ringing ON ringing.matter_id = m.id
            WHERE m.words LIKE 'fault %'"""
    ):
        stored.setdefault(words, []).append(number)
        if opened != "1" or shape[0] != "1":
            proof.half += 1
            proof.fail(f"matter {number} has {opened} opening entries and {shape[0]} reports")
        if words in ledger.acknowledged and shapes_of(words):
            # Whose limit came near or passed meanwhile has told somebody more.
            sort = shape[-1] + (" photo" if words in ledger.with_photo else "") + f" {rang} rung" * (rang != "0")
            shapes.setdefault(sort, {}).setdefault(tuple(shape), []).append(number)
        if words in ledger.with_photo and report_photos != "1":
            proof.half += 1
            proof.fail(f"the photo of the acknowledged report {number} is not there")
    for category, forms in shapes.items():
        if len(forms) > 1:
            usual = max(forms.values(), key=len)
            odd = [(form, numbers) for form, numbers in forms.items() if numbers is not usual]
            proof.half += sum(len(numbers) for _, numbers in odd)
            proof.fail(f"{category}: {odd[0][1][0]} wrote {odd[0][0]}, others {[form for form, n in forms.items() if n is usual][0]}")
    lost = [words for words in ledger.acknowledged if words not in stored]
    proof.lost += len(lost)
    proof.expect(not lost, f"{len(lost)} acknowledged reports are lost, first {lost[:1]}")
    doubled = [words for words, numbers in stored.items() if len(numbers) > 1]
    proof.doubled += len(doubled)
    proof.expect(not doubled, f"{len(doubled)} reports are there twice, first {doubled[:1]}")
    strangers = [words for words in stored if words not in ledger.sent]
    proof.expect(not strangers, f"{len(strangers)} reports are there that nobody sent")
    proof.acknowledged = len(ledger.acknowledged)
    check_rest(place, proof, settled)
    return len(stored)


def check_rest(place, proof, settled=True):
    """The database as a whole: nothing hangs in the air, every file that a row names is there."""
    for query, what in (
        ("SELECT COUNT(*) FROM report r LEFT JOIN matter m ON m.id = r.matter_id WHERE m.id IS NULL", "reports without a matter"),
        ("SELECT COUNT(*) FROM matter m WHERE NOT EXISTS (SELECT 1 FROM part p WHERE p.matter_id = m.id)", "matters that nobody has"),
        ("SELECT COUNT(*) FROM matter m WHERE NOT EXISTS (SELECT 1 FROM report r WHERE r.first_matter_id = m.id)", "matters without a report"),
        ("SELECT COUNT(*) FROM photo p WHERE p.state = 'here' AND NOT EXISTS (SELECT 1 FROM file f WHERE f.digest = p.digest)",
         "photos without a file's row"),
    ) + ((("SELECT (SELECT COUNT(*) FROM entry) - (SELECT COUNT(*) FROM seal)", "entries without their seal"),) if settled else ()):
        found = place.count(query)
        proof.half += abs(found)
        proof.expect(found == 0, f"{found} {what}")
    for (digest,) in place.rows("SELECT digest FROM file"):
        try:
            with open(place.file(digest), "rb") as file:
                sound = hashlib.sha256(file.read()).hexdigest() == digest
        except OSError:
            sound = False
        if not sound:
            proof.lost += 1
            proof.fail(f"the row of file {digest[:12]} is there, its bytes are not")
    if not place.url:
        found = place.rows("PRAGMA integrity_check")
        proof.expect(found == [["ok"]], f"PRAGMA integrity_check: {found[:3]}")
