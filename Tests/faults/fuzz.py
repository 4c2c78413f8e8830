#!/usr/bin/env python3
"""libFuzzer on everything that decodes bytes of strangers: multipart, CSV, GeoJSON, WKB, queries, catalog YAML, tokens, image heads.

The decoders' own files are compiled into one program with Tests/fuzz/Decoders.swift and the instruments of libFuzzer, without SwiftPM; only
Yams and its C come from the build that is there. What is found is left in the folder of --finds, by name of the decoder.
"""
import glob
import os
import re
import shutil
import subprocess

from place import parser, run

words = parser(__doc__)
words.add_argument("--seconds", type=int, default=60, help="for each decoder")
words.add_argument("--finds", default="test-results/fuzz")
settings = words.parse_args()

ROOT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..")
DECODERS = ("multipart", "csv", "geojson", "wkb", "query", "yaml", "tokens", "image")
SOURCES = ["Sources/Basics/*.swift", "Sources/Geo/*.swift", "Sources/Catalog/*.swift",
           "Sources/Web/Forms/Multipart.swift", "Sources/Web/Forms/HeaderValue.swift",
           "Sources/Web/Forms/URLEncoded.swift", "Tests/fuzz/*.swift"]
WITHOUT = {"Secret.swift", "OpenFiles.swift"}
OURS = re.compile(r"^import (Basics|Geo|Catalog|Store|Grids)$", re.MULTILINE)


def seeds(decoder):
    """Inputs to begin with: files of the repository, and shapes that are right."""
    def files(*patterns):
        for pattern in patterns:
            for path in sorted(glob.glob(os.path.join(ROOT, pattern), recursive=True))[:200]:
                with open(path, "rb") as file:
                    yield file.read(8192)

    head = b'--b\r\nContent-Disposition: form-data; name="a"'
    return {
        "multipart": lambda: [b"\7" + head + b"\r\n\r\n1\r\n" + head + b'; filename="x"\r\nContent-Type: image/png\r\n\r\n\x89PNG\r\n--b--\r\n'],
        "csv": lambda: [b"\3a,b,c\r\n1,\"x\"\"y\",3\r\n\"two\nlines\",,\n", *files("examples/**/*.csv", "data/**/*.csv")],
        "geojson": lambda: [
            b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"1","name":"\\u5efa"},"geometry":{"type":"Polygon",'
            b'"coordinates":[[[113.6,34.7],[113.7,34.7],[113.7,34.8],[113.6,34.7]]]}}]}', *files("examples/**/*.geojson", "data/**/*.geojson")],
        "wkb": lambda: [bytes.fromhex("0106000000010000000103000000010000000400000000000000000000000000000000000000000000000000f03f000000000000"
                                      "0000000000000000f03f000000000000f03f00000000000000000000000000000000")],
        "query": lambda: [b"tab=all&q=%E4%BA%95%E7%9B%96&state=open&grid=0193a000-0000-7000-8000-000000000009&page=2&x=+%2B&%zz=%"],
        "yaml": lambda: files("catalog/**/*.yaml", "strings/*.yaml"),
        "tokens": lambda: [b"0193a000-0000-7000-8000-000000000009", b"2026-11-20", b"2026-11-20T10:00:00+08:00", b'{"a":"b\\n\\u4e95"}'],
        "image": lambda: [b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBP", b"\0\0\0\x18ftypheic"],
    }[decoder]()


def build(proof):
    """Returns the program, or None where the toolchain cannot."""
    folder = os.path.join(settings.scratch, "fuzz")
    os.makedirs(folder)
    paths = []
    for source in (path for pattern in SOURCES for path in sorted(glob.glob(os.path.join(ROOT, pattern)))):
        name = os.path.basename(source)
        if name in WITHOUT:
            continue
        with open(source, encoding="utf-8") as file:
            text = OURS.sub("", file.read())
        paths.append(os.path.join(folder, os.path.basename(os.path.dirname(source)) + "-" + name))
        with open(paths[-1], "w", encoding="utf-8") as file:
            file.write(text)
    with open(os.path.join(ROOT, "Sources/Store/Photos.swift"), encoding="utf-8") as file:
        rule = re.search(r"    package static func isPhoto\(.*?\n    }\n", file.read(), re.DOTALL)[0]
    paths.append(os.path.join(folder, "PhotoHead.swift"))
    with open(paths[-1], "w", encoding="utf-8") as file:
        file.write("enum PhotoHead {\n" + rule + "}\n")
    built = os.path.dirname(os.path.realpath(settings.weiwang))
    yams = os.path.join(ROOT, ".build/checkouts/Yams/Sources/CYaml/include")
    objects = [path for name in ("Yams", "CYaml") for path in glob.glob(os.path.join(built, name + ".build", "**", "*.o"), recursive=True)]
    program = os.path.join(folder, "decoders")
    done = subprocess.run(
        ["swiftc", "-sanitize=fuzzer", "-parse-as-library", "-O", "-wmo", "-swift-version", "6", "-enable-upcoming-feature", "ExistentialAny",
         "-package-name", "weiwang", "-module-name", "Decoders", "-I", os.path.join(built, "Modules"), "-I", yams, "-Xcc",
         "-fmodule-map-file=" + os.path.join(yams, "module.modulemap"), "-I", os.path.join(ROOT, "Sources/CGEOS"), "-lgeos_c", "-lm", *paths,
         *objects, "-o", program], capture_output=True, text=True, check=False)
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if "error" in line]
        proof.fail("the decoders were not compiled: " + " | ".join(errors[:10] or [done.stderr[-600:]]))
        return None
    return program


def prove(place, proof):
    program = build(proof)
    if not program:
        return
    speeds = {}
    for decoder in DECODERS:
        corpus, finds = os.path.join(settings.scratch, "corpus", decoder), os.path.join(ROOT, settings.finds, decoder)
        os.makedirs(corpus)
        os.makedirs(finds, exist_ok=True)
        for number, seed in enumerate(seeds(decoder)):
            with open(os.path.join(corpus, f"{number:04}"), "wb") as file:
                file.write(seed)
        # NB: what was found before comes first, so that a find stays one until it is mended.
        done = subprocess.run(
            ["timeout", "-k", "5", str(settings.seconds + 90), program, f"-max_total_time={settings.seconds}", f"-seed={settings.seed % (1 << 31)}",
             f"-artifact_prefix={finds}/", "-timeout=10", "-rss_limit_mb=2048", "-max_len=8192", "-print_final_stats=1", corpus, finds],
            capture_output=True, env={**os.environ, "WEIWANG_DECODER": decoder, "ASAN_OPTIONS": "detect_leaks=0"}, check=False)
        said = done.stderr.decode(errors="replace")
        counted = re.search(r"stat::number_of_executed_units: *(\d+)", said)
        executed = int(counted[1]) if counted else 0
        proof.faults += executed
        speeds[decoder] = f"{executed / settings.seconds:.0f}/s"
        proof.expect(executed > 1000 or done.returncode, f"{decoder}: only {executed} inputs")
        if done.returncode:
            why = next((line for line in said.splitlines() if re.search("Fatal error|ERROR: libFuzzer|SUMMARY", line)), said[-300:])
            proof.fail(f"{decoder}: {why} ({', '.join(os.listdir(finds))} in {settings.finds}/{decoder})")
        elif not os.listdir(finds):
            shutil.rmtree(finds)
    proof.measured = {"decoders": len(DECODERS), **speeds}


run(settings, [("fuzz", prove)], databases=("sqlite",))
