#!/usr/bin/env python3
"""Counts a run of the Swift tests from its event stream (one JSON object a line).

Prints how many cases ran on each database; unequal counts are a failure, and so is a run that did not come to its end.
A case runs on a database when one of its arguments is the backend's: "… backend → .sqlite …" in the event's message.
"""
import argparse
import collections
import json
import re
import sys

parser = argparse.ArgumentParser()
parser.add_argument("events")
parser.add_argument("--sum", help="file to leave 'passed failed' in")
arguments = parser.parse_args()

BACKEND = re.compile(r"→ \.?(sqlite|postgres)\b", re.IGNORECASE)
functions, ended = set(), {}
cases = {"sqlite": collections.Counter(), "postgres": collections.Counter()}
came_to_its_end = False

try:
    with open(arguments.events, encoding="utf-8") as stream:
        for line in stream:
            try:
                record = json.loads(line)
            except ValueError:
                continue  # the last line of a run that crashed may be torn
            payload = record["payload"]
            kind, test = payload.get("kind"), payload.get("testID")
            symbols = {message["symbol"] for message in payload.get("messages", [])}
            if record["kind"] == "test":
                if kind == "function":
                    functions.add(payload["id"])
            elif kind == "testCaseStarted":
                text = " ".join(message["text"] for message in payload["messages"])
                for backend in BACKEND.findall(text):
                    cases[backend.lower()][test] += 1
            elif kind == "testEnded" and test in functions:
                ended[test] = "fail" not in symbols
            elif kind == "testSkipped":
                functions.discard(test)
                print(f"skipped: {test}")
            elif kind == "runEnded":
                came_to_its_end = True
except FileNotFoundError:
    print("The Swift tests left no event stream.", file=sys.stderr)

passed = sum(ended.values())
failures = sorted(test for test, good in ended.items() if not good)
if not came_to_its_end:
    failures.append("the run did not come to its end")
    failures += sorted(f"{test} did not end" for test in functions - ended.keys())
for test in sorted(cases["sqlite"].keys() | cases["postgres"].keys()):
    counts = [cases[backend][test] for backend in ("sqlite", "postgres")]
    if counts[0] != counts[1]:
        failures.append(f"{test} ran {counts[0]} times on SQLite and {counts[1]} on PostgreSQL")

for failure in failures:
    print(f"failed: {failure}")
print(f"cases on SQLite: {cases['sqlite'].total()}")
print(f"cases on PostgreSQL: {cases['postgres'].total()}")
if arguments.sum:
    with open(arguments.sum, "w", encoding="utf-8") as file:
        print(passed, len(failures), file=file)
sys.exit(1 if failures else 0)
