#!/usr/bin/env python3
"""Kills the server with SIGKILL while reports pour in, again and again, on SQLite and on PostgreSQL.

Nothing acknowledged may be lost, nothing may be doubled, nothing may be half-written. What is there is read from the database itself,
not from the server under test.
"""
import argparse
import http.client
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
import uuid

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--weiwang", required=True, help="the binary")
parser.add_argument("--postgres", required=True, help="postgres://user@host:port/postgres of a cluster to make databases in")
parser.add_argument("--scratch", required=True, help="folder for the data, removed afterwards")
parser.add_argument("--rounds", type=int, default=5, help="kills on each database")
parser.add_argument("--senders", type=int, default=24)
parser.add_argument("--sum", help="file to leave 'passed failed' in")
arguments = parser.parse_args()


def free_port():
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Place:
    """One data folder, with its database and its server."""

    def __init__(self, name):
        self.name = name
        self.folder = os.path.join(arguments.scratch, name)
        os.makedirs(self.folder)
        self.options = ["--data", self.folder]
        self.server = None
        self.database = None
        if name == "postgres":
            base, _, _ = arguments.postgres.rpartition("/")
            database = "kill9_" + uuid.uuid4().hex[:12]
            subprocess.run(["psql", "-q", arguments.postgres, "-c", f"CREATE DATABASE {database}"], check=True)
            self.database = f"{base}/{database}"
            self.options += ["--database", self.database]

    def command(self, *words):
        done = subprocess.run([arguments.weiwang, *words, *self.options], capture_output=True, text=True, timeout=120)
        if done.returncode:
            raise RuntimeError(f"weiwang {' '.join(words)} ended with {done.returncode}: {done.stderr[-2000:]}")
        return done.stdout

    def start(self):
        self.port = free_port()
        self.log = open(os.path.join(arguments.scratch, self.name + ".log"), "ab")
        self.server = subprocess.Popen(
            [arguments.weiwang, "serve", *self.options, "--port", str(self.port)], stdout=self.log, stderr=self.log)
        began = time.monotonic()
        while time.monotonic() - began < 60:
            if self.server.poll() is not None:
                raise RuntimeError(f"the server ended by itself with {self.server.returncode}")
            try:
                if self.get("/health")[0] == 200:
                    return time.monotonic() - began
            except OSError:
                pass
            time.sleep(0.05)
        raise RuntimeError("the server did not answer /health within 60 s")

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    def kill(self):
        self.server.send_signal(signal.SIGKILL)
        self.server.wait()
        self.log.close()

    def rows(self, query):
        if self.database:
            query = f"COPY ({query}) TO STDOUT"
            out = subprocess.run(["psql", "-Atq", self.database, "-c", query], capture_output=True, text=True, check=True).stdout
            return [line.split("\t") for line in out.splitlines()]
        with sqlite3.connect(os.path.join(self.folder, "weiwang.sqlite")) as connection:
            return [[str(value) for value in row] for row in connection.execute(query)]


class Load:
    """Senders that post reports as fast as they are answered, until the server is gone."""

    def __init__(self, place, key, services):
        self.place, self.key, self.services = place, key, services
        self.lock = threading.Lock()
        self.acknowledged = {}
        self.sent = set()
        self.refused = []
        self.threads = [threading.Thread(target=self.send, daemon=True) for _ in range(arguments.senders)]

    def start(self):
        for thread in self.threads:
            thread.start()

    def join(self):
        for thread in self.threads:
            thread.join(30)

    def send(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.place.port, timeout=20)
        source = random.Random()
        try:
            while True:
                words = "kill9 " + uuid.uuid4().hex
                form = {
                    "api_key": self.key, "service_code": source.choice(self.services), "description": words,
                    "lat": f"{34.75 + source.random() / 100:.6f}", "long": f"{113.6 + source.random() / 100:.6f}",
                }
                with self.lock:
                    self.sent.add(words)
                connection.request(
                    "POST", "/open311/v2/requests.json", urllib.parse.urlencode(form),
                    {"Content-Type": "application/x-www-form-urlencoded"})
                answer = connection.getresponse()
                body = answer.read()
                if answer.status != 200:
                    with self.lock:
                        self.refused.append(f"{answer.status} {body[:200]!r}")
                    return
                number = json.loads(body)[0]["service_request_id"]
                with self.lock:
                    self.acknowledged[words] = number
        except (OSError, http.client.HTTPException, ValueError, IndexError, KeyError):
            return  # the server is gone; what was under way is not acknowledged
        finally:
            connection.close()


def check(place, acknowledged, sent):
    """What is wrong with the data, in words."""
    wrong = []
    stored = {}
    for words, number, entries in place.rows(
        """SELECT m.words, m.number, (SELECT COUNT(*) FROM entry e WHERE e.subject_id = m.id AND e.verb = 'matter.opened')
           FROM report r JOIN matter m ON m.id = r.matter_id WHERE m.words LIKE 'kill9 %'"""
    ):
        stored.setdefault(words, []).append(number)
        if entries != "1":
            wrong.append(f"matter {number} has {entries} opening entries")
    lost = [words for words in acknowledged if words not in stored]
    if lost:
        wrong.append(f"{len(lost)} acknowledged reports are lost, first {lost[0]}")
    doubled = [words for words, numbers in stored.items() if len(numbers) > 1]
    if doubled:
        wrong.append(f"{len(doubled)} reports are there twice, first {doubled[0]}")
    strangers = [words for words in stored if words not in sent]
    if strangers:
        wrong.append(f"{len(strangers)} reports are there that nobody sent")
    for query, what in (
        ("SELECT COUNT(*) FROM report r LEFT JOIN matter m ON m.id = r.matter_id WHERE m.id IS NULL", "reports without a matter"),
        ("SELECT COUNT(*) FROM matter m WHERE m.words LIKE 'kill9 %' AND NOT EXISTS (SELECT 1 FROM part p WHERE p.matter_id = m.id)",
         "matters that nobody has"),
        ("SELECT COUNT(*) FROM matter m WHERE m.words LIKE 'kill9 %' AND NOT EXISTS (SELECT 1 FROM report r WHERE r.first_matter_id = m.id)",
         "matters without a report"),
    ):
        count = place.rows(query)[0][0]
        if count != "0":
            wrong.append(f"{count} {what}")
    return wrong, stored


def prove(name):
    place = Place(name)
    key = place.command("client", "add", "load", "--rate", "0").split()[-1]
    acknowledged, sent = {}, set()
    try:
        place.start()
        services = [service["service_code"] for service in json.loads(place.get("/open311/v2/services.json")[1])]
        for turn in range(1, arguments.rounds + 1):
            load = Load(place, key, services)
            load.start()
            time.sleep(random.uniform(0.4, 2.0))
            place.kill()
            load.join()
            if load.refused:
                return [f"a report was refused: {load.refused[0]}"]
            if not load.acknowledged:
                return ["nothing was acknowledged before the kill"]
            acknowledged.update(load.acknowledged)
            sent |= load.sent
            seconds = place.start()
            wrong, stored = check(place, acknowledged, sent)
            print(f"  {name} {turn}/{arguments.rounds}: {len(acknowledged)} acknowledged, {len(stored)} stored, back in {seconds:.1f} s", flush=True)
            if wrong:
                return wrong
            words, number = random.choice(list(load.acknowledged.items()))
            status, body = place.get(f"/open311/v2/requests/{number}.json")
            shown = json.loads(body)[0] if status == 200 else {}
            # The words are shown only where the catalog lets strangers see them.
            if shown.get("service_request_id") != number or shown.get("description") not in (None, "", words):
                return [f"acknowledged report {number} is not readable: {status} {body[:200]!r}"]
        return []
    finally:
        if place.server and place.server.poll() is None:
            place.kill()


passed = failed = 0
shutil.rmtree(arguments.scratch, ignore_errors=True)
os.makedirs(arguments.scratch)
try:
    for name in ("sqlite", "postgres"):
        try:
            wrong = prove(name)
        except (RuntimeError, OSError, subprocess.SubprocessError, ValueError) as error:
            wrong = [str(error)]
        if wrong:
            failed += 1
            for sentence in wrong:
                print(f"failed: kill -9 on {name}: {sentence}")
        else:
            passed += 1
            print(f"passed: kill -9 on {name}, {arguments.rounds} times")
finally:
    shutil.rmtree(arguments.scratch, ignore_errors=True)
if arguments.sum:
    with open(arguments.sum, "w", encoding="utf-8") as file:
        print(passed, failed, file=file)
sys.exit(1 if failed else 0)
