#!/usr/bin/env python3
"""Writes docs/proof.md out of what `make soak` found: a line for each fault test, and the tables of the measurements beside it.

The lines are kept in a file, each with the commit it was found on, so that the long tests may be run one at a time: a new line takes the place of
the older one of the same test on the same database. Whatever does not reach its figure stands there with its reason.
"""
import argparse
import datetime
import json
import os
import platform
import subprocess

words = argparse.ArgumentParser(description=__doc__)
words.add_argument("--lines", help="what the fault tests left just now: a JSON object a line")
words.add_argument("--kept", required=True, help="lines of this run and of those before")
words.add_argument("--tables", help="folder of text files, each shown under its name: the output of measurements")
words.add_argument("--out", required=True)
settings = words.parse_args()


def machine():
    model, memory = platform.machine(), 0
    with open("/proc/cpuinfo", encoding="utf-8") as lines:
        model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), model)
    with open("/proc/meminfo", encoding="utf-8") as lines:
        memory = next(int(line.split()[1]) for line in lines if line.startswith("MemTotal")) >> 20
    return f"{os.cpu_count()} cores ({model}), {memory} GB, Linux {platform.release()}"


def git(*line):
    return subprocess.run(["git", *line], capture_output=True, text=True, check=False).stdout.strip()


# How many faults of a kind make the proof; fewer are said.
ASKED = {"kill -9": 300, "power cut": 300, "lost replies": 10_000}


def short(line):
    asked = ASKED.get(line["test"], 0)
    return [f"{line['faults']:,} faults of the {asked:,} that make the proof"] if line["faults"] < asked else []


def rows(lines):
    yield "| test | database | faults | acknowledged | lost | doubled | half done | seconds | seed | commit | measured |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|--:|---|---|"
    for line in lines:
        said = ", ".join(f"{name} {value}" for name, value in line["measured"].items())
        name = line["test"] + (" (not reached)" if line["wrong"] else " (skipped)" if line["skipped"] else "")
        cells = [name, line["database"], *(f"{line[key]:,}" for key in ("faults", "acknowledged", "lost", "doubled", "half")),
                 f"{line['seconds']:,.0f}", line["seed"], f"{line['commit']}, {line['on']}", said]
        yield "| " + " | ".join(str(cell).replace("|", "/") for cell in cells) + " |"


def read(path):
    if not path or not os.path.exists(path):
        return []
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def keep():
    """The lines kept, with those of just now in the place of their elders."""
    changed = " with changes" if git("status", "--porcelain", "--", "Sources", "Tests/faults", "Package.swift", "catalog") else ""
    stamp = {"commit": git("rev-parse", "--short", "HEAD") + changed, "on": datetime.date.today().isoformat()}
    lines = {(line["test"], line["database"]): line for line in read(settings.kept)}
    lines |= {(line["test"], line["database"]): stamp | line for line in read(settings.lines)}
    with open(settings.kept, "w", encoding="utf-8") as file:
        for line in lines.values():
            print(json.dumps(line, ensure_ascii=False), file=file)
    return list(lines.values())


found = keep()
real = [line for line in found if "control" not in line["test"]]
total = {key: sum(line[key] for line in real) for key in ("faults", "acknowledged", "lost", "doubled", "half")}
page = [
    "# Proof", "",
    "Made by `make soak`; every line can be run again with its seed (`Tests/faults/NAME.py --seed …`).", "",
    f"- {machine()}", "- release build of the commit in each line", "",
    "## Nothing lost, nothing doubled", "",
    f"**{total['faults']:,} faults, {total['acknowledged']:,} operations acknowledged: {total['lost']:,} lost, {total['doubled']:,} doubled, "
    f"{total['half']:,} half done.**", "", *rows(found), "",
    "Acknowledged is what the server answered with success; lost, doubled and half done is read from the database itself after a restart. A power "
    "cut keeps only what was synced, names of files too, and of the rest a random part. In its control the disk lies about the syncs of SQLite's "
    "log, in that of the failover the standby follows asynchronously: that they lose shows that the tests can see a loss.",
]
wrong = [(line, sentence) for line in found for sentence in line["wrong"] + ([line["skipped"]] if line["skipped"] else short(line))]
if wrong:
    page += ["", "## Not reached", ""]
    page += [f"- {line['test']} on {line['database']} (seed {line['seed']}): {sentence}" for line, sentence in wrong]
names = sorted(os.listdir(settings.tables)) if settings.tables and os.path.isdir(settings.tables) else []
if names:
    page += ["", "## Measured", ""]
for name in names:
    with open(os.path.join(settings.tables, name), encoding="utf-8") as file:
        page += [f"### {os.path.splitext(name)[0]}", "", "```", file.read().rstrip(), "```", ""]
with open(settings.out, "w", encoding="utf-8") as file:
    file.write("\n".join(page).rstrip() + "\n")
