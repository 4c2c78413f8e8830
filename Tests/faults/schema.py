#!/usr/bin/env python3
"""schemathesis on the server's own OpenAPI document, with the session of one person of each role, with a program's key and with nothing:
no 5xx, no status and no content type that the document does not name.
"""
import asyncio
import json
import os
import re
import subprocess

from lostreply import People
from place import parser, run

words = parser(__doc__)
words.add_argument("--minutes", type=float, default=20, help="split over the roles")
settings = words.parse_args()

PROGRAM = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", ".venv", "bin", "schemathesis")
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,response_schema_conformance,unsupported_method"


def sign_ins(place):
    """One person of each role of the demo: role → name and password."""
    found = {}
    for line in place.command("demo", timeout=1800).splitlines():
        *role, name, password = line.split(" ")
        found.setdefault(" ".join(role), (name, password))
    return found


def sessions(place, people):
    for role, (name, password) in people.items():
        someone = People(place, password)
        asyncio.run(someone.sign_in(name))
        yield role, someone.cookies


def attack(place, proof, who, headers, seconds):
    """Returns how many requests were sent."""
    folder = os.path.join(settings.scratch, "schema")
    os.makedirs(folder, exist_ok=True)
    told = os.path.join(folder, re.sub(r"\W", "_", who) + ".ndjson")
    line = [
        PROGRAM, "run", f"http://127.0.0.1:{place.port}/api/openapi.json", "--url", f"http://127.0.0.1:{place.port}", "--checks", CHECKS,
        "--max-time", str(max(5, int(seconds))), "--phases", "examples,coverage,fuzzing", "--continue-on-failure", "--no-color", "--seed",
        str(settings.seed % 1_000_000), "--request-timeout", "20", "--report-ndjson-path", told, "--generation-database", "none",
        "--suppress-health-check", "all", "--warnings", "off"]
    for name, value in headers.items():
        line += ["--header", f"{name}: {value}"]
    done = subprocess.run(line, capture_output=True, text=True, cwd=folder, timeout=seconds * 2 + 300, check=False)
    if done.returncode not in (0, 1):
        proof.fail(f"{who}: schemathesis ended with {done.returncode}: {(done.stderr or done.stdout)[-600:]}")
    if done.returncode == 1:
        proof.fail(f"{who}: {done.stdout[done.stdout.find('FAILURES'):][:4000]}")
    generated = re.search(r"([\d,]+) generated", done.stdout)
    return int(generated[1].replace(",", "")) if generated else 0


def prove(place, proof):
    if not os.path.exists(PROGRAM):
        proof.skipped = "schemathesis is not there: scripts/setup.sh soak"
        return
    people = sign_ins(place)
    key = place.client()
    place.start()
    while not place.health()[1]["counted"]:
        pass
    who = [("nobody", {}), ("a program", {"X-API-Key": key})] + [(role, {"Cookie": cookies}) for role, cookies in sessions(place, people)]
    sent = {}
    for name, headers in who:
        sent[name] = attack(place, proof, name, headers, settings.minutes * 60 / len(who))
    proof.faults = sum(sent.values())
    operations = len(json.loads(place.get("/api/openapi.json")[1])["paths"])
    proof.measured = {"roles": len(who), "operations": operations, "requests": proof.faults, "fewest": min(sent.values())}
    proof.expect(min(sent.values()) > settings.minutes, f"hardly anything was sent: {sent}")
    proof.expect(place.lives, "the server does not live")


run(settings, [("schema", prove)], databases=("sqlite",))
