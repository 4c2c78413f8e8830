#!/usr/bin/env python3
"""Writes docs/proof.md out of what `make soak` found: a line for each fault test, and the tables of the measurements beside it.

Whatever does not reach its figure stands there with its reason.
"""
import argparse
import datetime
import json
import os
import platform
import subprocess

words = argparse.ArgumentParser(description=__doc__)
words.add_argument("--lines", required=True, help="what the fault tests left: a JSON object a line")
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


def rows(lines):
    yield "| test | database | faults | acknowledged | lost | doubled | half done | seconds | seed | measured |"
    yield "|---|---|--:|--:|--:|--:|--:|--:|--:|---|"
    for line in lines:
        said = ", ".join(f"{name} {value}" for name, value in line["measured"].items())
        name = line["test"] + (" (not reached)" if line["wrong"] else " (skipped)" if line["skipped"] else "")
        cells = [name, line["database"], *(f"{line[key]:,}" for key in ("faults", "acknowledged", "lost", "doubled", "half")),
                 f"{line['seconds']:,.0f}", line["seed"], said]
        yield "| " + " | ".join(str(cell).replace("|", "/") for cell in cells) + " |"


with open(settings.lines, encoding="utf-8") as file:
    found = [json.loads(line) for line in file if line.strip()]
real = [line for line in found if "control" not in line["test"]]
total = {key: sum(line[key] for line in real) for key in ("faults", "acknowledged", "lost", "doubled", "half")}
page = [
    "# Proof", "",
    "Made by `make soak`; every line can be run again with its seed (`Tests/faults/NAME.py --seed …`).", "",
    f"- {datetime.date.today().isoformat()}, commit {git('rev-parse', '--short', 'HEAD')}{' with changes' if git('status', '--porcelain') else ''}",
    f"- {machine()}", "- release build", "",
    "## Nothing lost, nothing doubled", "",
    f"**{total['faults']:,} faults, {total['acknowledged']:,} operations acknowledged: {total['lost']:,} lost, {total['doubled']:,} doubled, "
    f"{total['half']:,} half done.**", "", *rows(found), "",
    "Acknowledged is what the server answered with success; lost, doubled and half done is read from the database itself after a restart. A power "
    "cut keeps only what was synced, names of files too, and of the rest a random part. In its control the disk lies about the syncs of SQLite's "
    "log, in that of the failover the standby follows asynchronously: that they lose shows that the tests can see a loss.",
]
wrong = [(line, sentence) for line in found for sentence in line["wrong"] or ([line["skipped"]] if line["skipped"] else [])]
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
