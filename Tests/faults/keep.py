#!/usr/bin/env python3
"""Kills `weiwang backup`, `restore` and `move` with SIGKILL at random points, and runs them again, on SQLite and on PostgreSQL.

A backup has its name only when it is whole. A restore that was killed leaves the old data or the new ones. A move that was killed leaves the
data where they were, or they are all in the new place. What holds is read from the files and the databases, not from what the commands say.
"""
import argparse
import glob
import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.parse
import urllib.request
import uuid

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--weiwang", required=True, help="the binary")
parser.add_argument("--postgres", required=True, help="postgres://user@host:port/postgres of a cluster to make databases in")
parser.add_argument("--scratch", required=True, help="folder for the data, removed afterwards")
parser.add_argument("--rounds", type=int, default=1, help="kills of each command on each database")
parser.add_argument("--sum", help="file to leave 'passed failed' in")
parser.add_argument("--proof", help="file that gets a line of JSON for each part")
parser.add_argument("--seed", type=int, default=None, help="of the moments of the kills")
parser.add_argument("--release", action="store_true", help="the figures of a release build; none here")
arguments = parser.parse_args()
arguments.seed = arguments.seed if arguments.seed is not None else random.randrange(1 << 30)
random.seed(arguments.seed)
environment = dict(os.environ, LANG="C", LC_ALL="C")
FOLDER_LOCKED = 3
killings = 0


class Wrong(Exception):
    """What does not hold, in words."""


def start(*words):
    return subprocess.Popen([arguments.weiwang, *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)


def run(*words, status=0):
    done = subprocess.run([arguments.weiwang, *words], capture_output=True, text=True, timeout=300, env=environment)
    if done.returncode != status:
        raise Wrong(f"weiwang {' '.join(words[:2])} ended with {done.returncode}, not {status}: {done.stderr[-600:]}")
    return done.stdout


def killed(longest, *words):
    """Kills the command at a moment within the time that it takes. True when it had not ended by itself."""
    process = start(*words)
    try:
        process.wait(random.uniform(0.02, longest))
    except subprocess.TimeoutExpired:
        global killings
        killings += 1
        process.send_signal(signal.SIGKILL)
        process.communicate()
        return True
    output = process.communicate()[1]
    if process.returncode:
        raise Wrong(f"weiwang {words[0]} ended by itself with {process.returncode}: {output[-600:]}")
    return False


def timed(*words):
    began = time.monotonic()
    run(*words)
    return time.monotonic() - began


def new_database():
    name = "keep_" + uuid.uuid4().hex[:12]
    subprocess.run(["psql", "-q", arguments.postgres, "-c", f"CREATE DATABASE {name}"], check=True)
    return arguments.postgres.rpartition("/")[0] + "/" + name


def tables_in(url):
    """How many tables of ours a database has where the server looks."""
    out = subprocess.run(
        ["psql", "-Atq", url, "-c", "SELECT COUNT(*) FROM information_schema.tables WHERE table_schema = 'public'"],
        capture_output=True, text=True, check=True).stdout
    return int(out)


def content(backup, without=()):
    """The rows of a backup: name and digest of each table, from the files themselves."""
    found = {}
    for path in sorted(glob.glob(os.path.join(backup, "rows", "*.jsonl"))):
        name = os.path.basename(path)[:-6]
        if name not in without:
            with open(path, "rb") as file:
                found[name] = hashlib.sha256(file.read()).hexdigest()
    return found


def whole(backup):
    """Everything that the manifest names is there with its digest, seen with other eyes than the program's."""
    with open(os.path.join(backup, "manifest.json"), "rb") as file:
        text = file.read()
    with open(os.path.join(backup, "manifest.sha256"), encoding="utf-8") as file:
        if file.read() != hashlib.sha256(text).hexdigest() + "  manifest.json\n":
            raise Wrong("the manifest does not fit its digest")
    manifest = json.loads(text)
    rows = content(backup)
    for table in manifest["tables"]:
        if rows.get(table["name"]) != table["sha256"]:
            raise Wrong(f"{table['name']} is not what the manifest says")
        with open(os.path.join(backup, "rows", table["name"] + ".jsonl"), "rb") as file:
            if sum(1 for _ in file) != table["rows"]:
                raise Wrong(f"{table['name']} has another number of rows than the manifest says")
    photos = [path for path in glob.glob(os.path.join(backup, "files", "*", "*"))]
    for path in photos:
        with open(path, "rb") as file:
            if hashlib.sha256(file.read()).hexdigest() != os.path.basename(path):
                raise Wrong(f"photo {path} is not what its name says")
    if len(photos) != manifest["photos"]["count"]:
        raise Wrong("another number of photos than the manifest says")
    return manifest


class Place:
    def __init__(self, kind, name):
        self.folder = os.path.join(arguments.scratch, f"{kind}-{name}")
        self.url = new_database() if kind == "postgres" else None

    @property
    def options(self):
        return ["--data", self.folder, *(["--database", self.url] if self.url else [])]

    def serve(self):
        """A server of its own; returns process and port."""
        process = start("serve", *self.options, "--port", "0")
        line = process.stdout.readline()
        if "http://" not in line:
            raise Wrong(f"the server did not start: {line}{process.stderr.read()[-600:]}")
        for pipe in (process.stdout, process.stderr):
            threading.Thread(target=lambda pipe=pipe: [None for _ in pipe], daemon=True).start()
        return process, int(line.strip().rpartition(":")[2])

    def rows(self):
        """What the place holds, by way of a backup; None when it has no data."""
        target = os.path.join(arguments.scratch, "look-" + uuid.uuid4().hex[:8])
        if not self.url and not os.path.exists(os.path.join(self.folder, "weiwang.sqlite")):
            return None
        if self.url and not tables_in(self.url):
            return None
        run("backup", target, *self.options)
        found = content(target, without=("session",))
        shutil.rmtree(target)
        if not self.url:
            with sqlite3.connect(os.path.join(self.folder, "weiwang.sqlite")) as connection:
                for question in ("PRAGMA integrity_check", "PRAGMA foreign_key_check"):
                    answer = connection.execute(question).fetchall()
                    if answer not in ([("ok",)], []):
                        raise Wrong(f"{question}: {answer[:3]}")
        return found


def report(port, key, service, words):
    form = {"api_key": key, "service_code": service, "description": words, "lat": f"{34.75 + random.random() / 100:.6f}",
            "long": f"{113.6 + random.random() / 100:.6f}"}
    body = urllib.parse.urlencode(form).encode()
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/open311/v2/requests.json", body, timeout=20) as answer:
        return json.load(answer)[0]["service_request_id"]


def load(place, key, seconds=None, count=None, during=None):
    """Reports from a few senders; a count of them, or until `during` has ended."""
    process, port = place.serve()
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/open311/v2/services.json", timeout=20) as answer:
            service = json.load(answer)[0]["service_code"]
        stop = threading.Event()
        sent, problems = [], []

        def send():
            while not stop.is_set() and (count is None or len(sent) < count):
                try:
                    sent.append(report(port, key, service, "keep " + uuid.uuid4().hex))
                    # Enough to write all the time, not so much that the backups of many rounds grow without end.
                    time.sleep(0.1 if during else 0)
                except (OSError, ValueError) as error:
                    problems.append(str(error))
                    return

        senders = [threading.Thread(target=send, daemon=True) for _ in range(4)]
        for sender in senders:
            sender.start()
        result = during(sent) if during else None
        if during:
            stop.set()
        for sender in senders:
            sender.join(120)
        if problems:
            raise Wrong(f"a report failed beside it: {problems[0]}")
        return result
    finally:
        process.terminate()
        process.wait(30)


def backups_under_load(kind, place, key):
    """A server takes reports; backups are asked for and killed meanwhile. Each that has a name is whole."""

    def during(sent):
        names = 0
        for turn in range(arguments.rounds):
            target = os.path.join(arguments.scratch, f"{kind}-backup-{turn}")
            before = len(sent)
            killed(1.2, "backup", target, *place.options)
            if os.path.exists(target):
                whole(target)
                names += 1
            # The server gives up what nobody waits for; then it is asked again.
            for _ in range(50):
                if os.path.exists(target):
                    break
                done = subprocess.run([arguments.weiwang, "backup", target, *place.options], capture_output=True, text=True, env=environment)
                if done.returncode == 0:
                    break
                time.sleep(0.2)
            manifest = whole(target)
            run("backup", "verify", target)
            reports = next(table["rows"] for table in manifest["tables"] if table["name"] == "report")
            if reports < before:
                raise Wrong(f"{before} reports were acknowledged before the backup began, {reports} are in it")
            shutil.rmtree(target)
        return names

    load(place, key, during=during)


def backup_without_server(kind, place):
    """Killed and begun again; and a server that is killed while it writes one leaves the work to the command."""
    target = os.path.join(arguments.scratch, kind + "-alone")
    for turn in range(arguments.rounds):
        killed(1.0, "backup", target, *place.options)
        # It may have had its name already when it was killed.
        if os.path.exists(target):
            whole(target)
            shutil.rmtree(target)
        server, _ = place.serve()
        asking = start("backup", target, *place.options)
        time.sleep(random.uniform(0, 1.5))
        server.send_signal(signal.SIGKILL)
        server.wait()
        words = asking.communicate(timeout=120)[1]
        if asking.returncode:
            raise Wrong(f"the server was killed and the command did not go on: {asking.returncode} {words[-300:]}")
        whole(target)
        shutil.rmtree(target)


def flips(kind, backup):
    """A bit of any file turned over is found, and the file is named."""
    files = [path for path in glob.glob(os.path.join(backup, "**"), recursive=True) if os.path.isfile(path) and os.path.getsize(path)]
    for _ in range(max(5, arguments.rounds)):
        path = random.choice(files)
        with open(path, "r+b") as file:
            place = random.randrange(os.path.getsize(path))
            file.seek(place)
            byte = file.read(1)[0]
            file.seek(place)
            file.write(bytes([byte ^ (1 << random.randrange(8))]))
        done = subprocess.run([arguments.weiwang, "backup", "verify", backup], capture_output=True, text=True, env=environment)
        name = os.path.relpath(path, backup)
        if done.returncode != 1 or ("manifest.json" if name.startswith("manifest") else name) not in done.stderr:
            raise Wrong(f"a bit of {name} at {place} was turned over: {done.returncode} {done.stderr[-300:]}")
        with open(path, "r+b") as file:
            file.seek(place)
            file.write(bytes([byte]))


def restores(kind, place, backup):
    """Over older data, killed: the old ones or the new ones, never anything else; then to the end."""
    wanted = content(backup, without=("session",))
    seconds = timed("restore", backup, "--data", os.path.join(arguments.scratch, kind + "-timing"), *(["--database", new_database()] if place.url else []))
    target = Place(kind, "restored")
    run("client", "add", "older", *target.options)
    old = target.rows()
    for _ in range(arguments.rounds):
        killed(seconds, "restore", backup, *target.options)
        found = target.rows()
        if found not in (old, wanted):
            raise Wrong("a restore that was killed left neither the old data nor the new ones")
        if found == wanted:
            run("client", "add", "again" + uuid.uuid4().hex[:6], *target.options)
            old = target.rows()
    run("restore", backup, *target.options)
    if target.rows() != wanted:
        raise Wrong("what was restored is not what was backed up")
    server, _ = target.serve()
    try:
        run("restore", backup, *target.options, status=FOLDER_LOCKED)
    finally:
        server.terminate()
        server.wait(30)


def moves(backup):
    """SQLite to PostgreSQL and back, each killed: the data are here or there, whole, and in the end as they were."""
    here, there = Place("sqlite", "moving"), Place("postgres", "moving")
    there.folder = here.folder
    run("restore", backup, *here.options)
    wanted = here.rows()
    seconds = 1.5 * timed("backup", os.path.join(arguments.scratch, "move-timing"), *here.options) + 1
    for _ in range(arguments.rounds):
        for source, target, words in ((here, there, ["--to", there.url]), (there, here, ["--from", there.url])):
            if killed(seconds, "move", "--data", here.folder, *words):
                found = target.rows()
                if found not in (None, wanted):
                    raise Wrong("a move that was killed left a part in the new place")
                if found is None and source.rows() != wanted:
                    raise Wrong("a move that was killed lost the old place")
                if source.rows() is not None:
                    run("move", "--data", here.folder, *words)
            if target.rows() != wanted:
                raise Wrong("what was moved is not what was there")
            if source.rows() is not None:
                raise Wrong("the old place is still there after a move")


def prove(kind):
    place = Place(kind, "data")
    key = run("client", "add", "load", "--rate", "0", *place.options).split()[-1]
    load(place, key, count=40)
    backups_under_load(kind, place, key)
    backup_without_server(kind, place)
    backup = os.path.join(arguments.scratch, kind + "-backup")
    run("backup", backup, *place.options)
    whole(backup)
    flips(kind, backup)
    restores(kind, place, backup)
    return backup


passed = failed = 0
shutil.rmtree(arguments.scratch, ignore_errors=True)
os.makedirs(arguments.scratch)


def note(what, database, began, wrong):
    """A line for docs/proof.md, of the shape that `Proof.line` of place.py has."""
    if not arguments.proof:
        return
    line = {
        "test": what, "database": database, "faults": killings, "acknowledged": 0, "lost": 0, "doubled": 0, "half": 0,
        "seconds": time.monotonic() - began, "seed": arguments.seed, "measured": {}, "wrong": wrong, "skipped": "",
    }
    with open(arguments.proof, "a", encoding="utf-8") as file:
        print(json.dumps(line, ensure_ascii=False), file=file)


def part(what, database, body, *words):
    global passed, failed, killings
    began, killings = time.monotonic(), 0
    try:
        result = body(*words)
        passed += 1
        print(f"passed: {what} on {database}, {arguments.rounds} times, {killings} killed, {time.monotonic() - began:.0f} s", flush=True)
        note(what, database, began, [])
        return result
    except (Wrong, OSError, subprocess.SubprocessError, ValueError, KeyError) as error:
        failed += 1
        print(f"failed: {what} on {database}: {error}", flush=True)
        note(what, database, began, [str(error)])
        return None


try:
    for database in ("sqlite", "postgres"):
        made = part("backup and restore killed", database, prove, database)
        if database == "sqlite" and made:
            part("move killed", "sqlite and postgres", moves, made)
finally:
    shutil.rmtree(arguments.scratch, ignore_errors=True)
if arguments.sum:
    with open(arguments.sum, "w", encoding="utf-8") as file:
        print(passed, failed, file=file)
sys.exit(1 if failed else 0)
