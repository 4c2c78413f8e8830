#!/usr/bin/env python3
"""Checks of proof-data.sh that need more than an exit status. Usage: proof.py CHECK weiwang shared-folder scratch-folder"""
import csv
import json
import math
import subprocess
import sys

check, weiwang, shared, scratch = sys.argv[1:5]


def run(*words, given=None, status=0):
    done = subprocess.run([weiwang, *words], input=given, capture_output=True, text=True)
    if done.returncode != status:
        sys.exit(f"weiwang {' '.join(words)} ended with {done.returncode}, not {status}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def within(what, found, least):
    print(f"{what}: {found}")
    if found < least:
        sys.exit(f"less than {least}")


def square(lon, lat, half):
    dlat = half / 111_000
    dlon = dlat / math.cos(math.radians(lat))
    return [[[lon + x * dlon, lat + y * dlat] for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1), (-1, -1))]]


def collection(path, features):
    features = [{"type": "Feature", "properties": {"code": c}, "geometry": {"type": "Polygon", "coordinates": r}} for c, r in features]
    with open(path, "w") as file:
        json.dump({"type": "FeatureCollection", "features": features}, file)
    return path


def meters(a, b):
    return math.hypot((a[0] - b[0]) * 111_320 * math.cos(math.radians(a[1])), (a[1] - b[1]) * 110_900)


def precincts():
    """Each request's precinct by its point, beside the export's own column; points of the geocoder's default are left out."""
    with open(f"{shared}/boston311/requests.csv", encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["default_geocode"] != "1" and row["longitude"] and row["precinct"]]
    answers = run("locate", "--data", f"{scratch}/boston", given="".join(f"{r['longitude']},{r['latitude']}\n" for r in rows))
    found = [answer.split(",")[-1] for answer in answers.split("\n")[: len(rows)]]
    # The outlines split precinct 0502 and number its part A; points have four decimals, so those near a border may fall beside it.
    same = sum(code[:4] == row["precinct"].zfill(4) for code, row in zip(found, rows))
    print(f"{len(rows)} points, {found.count('')} outside")
    within("percent in the precinct that the export names", round(100 * same / len(rows), 2), 93)


def once():
    """The export again adds nothing; its default geocode is pointed out, also when the map does not name it."""
    said = run("import", "matters", f"{shared}/boston311/requests.csv", "--map", "examples/boston311.yaml", "--data", f"{scratch}/boston")
    print(said)
    if not said.startswith("0 new, ") or "-71.0587,42.3594" not in said:
        sys.exit("not as it should be")
    with open("examples/boston311.yaml") as file:
        text = file.read().replace('default_geocode: ["1"]', 'default_geocode: ["never"]')
    with open(f"{scratch}/plain.yaml", "w") as file:
        file.write(text)
    said = run("import", "matters", f"{shared}/boston311/requests.csv", "--map", f"{scratch}/plain.yaml", "--dry-run", "--data", f"{scratch}/boston")
    print(said)
    if "-71.0587,42.3594" not in said:
        sys.exit("the pile is not pointed out")


def vectors():
    """The published conversions, through import and export: a small square about each point lands about the other."""
    with open(f"{shared}/geo/gcj_bd_vectors.json") as file:
        known = json.load(file)
    pairs = [("gcj02", v["gcj"], v["wgs"], 1) for v in known["wgs_to_gcj"]] + [("gcj02", v["gcj"], v["wgs"], 5) for v in known["gcj_to_wgs_single_step"]]
    for number, (system, given, wanted, limit) in enumerate(pairs):
        data = f"{scratch}/vector-{number}"
        path = collection(f"{scratch}/vector.geojson", [("1", square(given[1], given[0], 20))])
        run("import", "grids", path, "--level", "micro", "--coordinates", system, "--data", data)
        row = list(csv.DictReader(run("export", "grids", "--format", "csv", "--data", data).splitlines()))[0]
        apart = meters((float(row["lon"]), float(row["lat"])), (wanted[1], wanted[0]))
        print(f"{system} {given}: {apart:.2f} m")
        if apart > limit:
            sys.exit(f"more than {limit} m")


def zhengzhou():
    """Twelve districts in GCJ-02: without a reference it cannot tell and says so; a grid of theirs not converted is noticed."""
    districts, data = f"{shared}/zhengzhou/districts_gcj02.geojson", f"{scratch}/zhengzhou"
    said = run("import", "grids", districts, "--level", "subdistrict", "--dry-run", "--data", data)
    print(said)
    if "Could not tell" not in said:
        sys.exit("no word that it could not tell")
    said = run("import", "grids", districts, "--level", "subdistrict", "--coordinates", "gcj02", "--data", data)
    print(said)
    if "12 made" not in said:
        sys.exit("not twelve districts")
    with open(f"{shared}/zhengzhou/streets_codes.csv", encoding="utf-8") as file:
        within("streets with a code of nine digits", sum(len(next(iter(r.values()))) == 9 for r in csv.DictReader(file)), 200)


def kunming():
    """140 real buildings as grids: each one's middle is found in it; the same in GCJ-02 under a known parent stops the import."""
    buildings, data = f"{shared}/zhengzhou/kunming_buildings_wgs84.geojson", f"{scratch}/kunming"
    with open(buildings) as file:
        features = json.load(file)["features"]
    points = [p for f in features for p in f["geometry"]["coordinates"][0]]
    west, south = (min(p[i] for p in points) - 1e-4 for i in (0, 1))
    east, north = (max(p[i] for p in points) + 1e-4 for i in (0, 1))
    frame = [[[west, south], [east, south], [east, north], [west, north], [west, south]]]
    run("import", "grids", collection(f"{scratch}/frame.geojson", [("K", frame)]), "--level", "community", "--data", data)
    taken = run("import", "grids", buildings, "--level", "micro", "--parent", "K", "--code", "id", "--accept", "all", "--dry-run", "--data", data)
    print(taken[-400:])
    run("import", "grids", buildings, "--level", "micro", "--parent", "K", "--code", "id", "--accept", "all", "--data", data)
    rows = [r for r in csv.DictReader(run("export", "grids", "--format", "csv", "--level", "micro", "--data", data).splitlines()) if r["lon"]]
    found = run("locate", "--data", data, given="".join(f"{r['lon']},{r['lat']}\n" for r in rows)).splitlines()
    within("buildings found by their own middle", sum(f == f"K,{r['code']}" for f, r in zip(found, rows)), 135)
    # The same ground as a map of Amap has it, half a kilometre away: the parent shows it.
    moved = [(str(number), [[list(gcj(*p[:2])) for p in f["geometry"]["coordinates"][0]]]) for number, f in enumerate(features)]
    path = collection(f"{scratch}/moved.geojson", moved)
    done = subprocess.run(
        [weiwang, "import", "grids", path, "--level", "third", "--parent", "K", "--accept", "all", "--data", data], capture_output=True, text=True)
    print(done.stderr)
    if done.returncode != 1 or "GCJ-02" not in done.stderr:
        sys.exit("the shift was not noticed")


def gcj(lon, lat):
    """WGS-84 to GCJ-02, as published."""
    a, ee, pi = 6378245.0, 0.00669342162296594323, math.pi
    x, y = lon - 105, lat - 35
    wave = (20 * math.sin(6 * x * pi) + 20 * math.sin(2 * x * pi)) * 2 / 3
    dlat = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * math.sqrt(abs(x)) + wave
    dlat += (20 * math.sin(y * pi) + 40 * math.sin(y / 3 * pi)) * 2 / 3 + (160 * math.sin(y / 12 * pi) + 320 * math.sin(y * pi / 30)) * 2 / 3
    dlon = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * math.sqrt(abs(x)) + wave
    dlon += (20 * math.sin(x * pi) + 40 * math.sin(x / 3 * pi)) * 2 / 3 + (150 * math.sin(x / 12 * pi) + 300 * math.sin(x / 30 * pi)) * 2 / 3
    magic = 1 - ee * math.sin(math.radians(lat)) ** 2
    dlat = dlat * 180 / (a * (1 - ee) / (magic * math.sqrt(magic)) * pi)
    dlon = dlon * 180 / (a / math.sqrt(magic) * math.cos(math.radians(lat)) * pi)
    return lon + dlon, lat + dlat


{"precincts": precincts, "once": once, "vectors": vectors, "zhengzhou": zhengzhou, "kunming": kunming}[check]()
