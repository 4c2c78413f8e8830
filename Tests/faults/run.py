#!/usr/bin/env python3
"""Runs all fault tests: a short look at each (`make test`), or the long proof (`--long`, `make soak`) on the release build.

A test that is cut off, or that leaves no count, has failed.
"""
import argparse
import os
import subprocess
import sys
import time

words = argparse.ArgumentParser(description=__doc__)
words.add_argument("--weiwang", required=True)
words.add_argument("--postgres")
words.add_argument("--scratch", required=True)
words.add_argument("--sum")
words.add_argument("--proof", help="file that gets a line of JSON for each test")
words.add_argument("--long", action="store_true", help="the long settings and the figures of a release build")
words.add_argument("--rounds", type=int, default=300, help="kills on each database, and power cuts; with --long")
words.add_argument("--minutes", type=float, default=60, help="of steady work; overload takes a twelfth of it; with --long")
words.add_argument("--seed", type=int, help="for all of them; otherwise each finds its own")
words.add_argument("--only", action="append", help="name of a test; may be given again")
settings = words.parse_args()

SHORT = {
    "kill9": ["--rounds", "5"], "powercut": ["--cuts", "6"], "failing": ["--sample", "9"], "diskfull": [], "lostreply": ["--operations", "200"],
    "away": ["--times", "1"], "overload": ["--seconds", "6", "--slow", "200"], "endurance": ["--minutes", "0.2"],
    "keep": ["--rounds", "1"], "nodes": ["--rounds", "3"], "heavy": ["--rounds", "1", "--beside", "2"],
}
LONG = {
    "kill9": ["--rounds", settings.rounds], "powercut": ["--cuts", settings.rounds, "--control", "8"], "failing": [],
    "diskfull": ["--times", "10"], "lostreply": ["--operations", "10000", "--senders", "64"], "away": ["--times", "20"],
    "overload": ["--seconds", max(10, int(settings.minutes * 5))], "endurance": ["--minutes", settings.minutes],
    "keep": ["--rounds", max(1, settings.rounds // 3)], "nodes": ["--rounds", max(1, settings.rounds // 10), "--seconds", "30"],
    # Patroni and etcd are there for `make soak` alone.
    "failover": ["--times", max(2, settings.rounds // 30)],
    "heavy": ["--rounds", "10", "--beside", "16"], "schema": ["--minutes", settings.minutes / 3],
    "fuzz": ["--seconds", max(5, round(settings.minutes))],
}

folder = os.path.dirname(os.path.abspath(__file__))
passed = failed = 0
for name, more in (LONG if settings.long else SHORT).items():
    if settings.only and name not in settings.only:
        continue
    total = os.path.join(os.path.dirname(os.path.abspath(settings.scratch)), f"faults-{name}.sum")
    line = [sys.executable, os.path.join(folder, name + ".py"), "--weiwang", settings.weiwang, "--scratch", settings.scratch, "--sum", total]
    for option in ("postgres", "proof", "seed"):
        value = getattr(settings, option)
        line += [f"--{option}", str(value)] if value is not None else []
    line += ["--release"] * settings.long + [str(word) for word in more]
    began = time.monotonic()
    code = subprocess.run(line, check=False).returncode
    print(f"  {name}: {time.monotonic() - began:.0f} s", flush=True)
    try:
        with open(total, encoding="ascii") as file:
            more_passed, more_failed = map(int, file.read().split())
        os.remove(total)
    except (OSError, ValueError):
        more_passed, more_failed = 0, 1
        print(f"failed: {name}: ended with {code} and left no count")
    passed, failed = passed + more_passed, failed + more_failed
if settings.sum:
    with open(settings.sum, "w", encoding="ascii") as file:
        print(passed, failed, file=file)
print(f"faults: {passed} passed, {failed} failed")
sys.exit(1 if failed else 0)
