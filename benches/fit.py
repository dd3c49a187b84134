#!/usr/bin/env python3
"""Measures how `--fit=500KB` changes the built-in engine's scores.

usage: benches/fit.py FOLDER [BINARY] [--different N] [--fit SIZE]

FOLDER holds photos named after the person: amy1.png, amy2.png. Each is enlarged to 12 megapixels
and about 4 MB, with sensor noise. `batch --local` judges all pairs of the same person and N
(default 160) pairs of different people. Needs Pillow and numpy.
"""
import argparse
import io
import itertools
import json
import pathlib
import re
import statistics
import subprocess
import tempfile

import numpy
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parent.parent


def camera_photo(source, target, seed):
    picture = Image.open(source).convert("RGB")
    scale = (12e6 / (picture.width * picture.height)) ** 0.5
    size = round(picture.width * scale), round(picture.height * scale)
    pixels = numpy.asarray(picture.resize(size, Image.Resampling.LANCZOS), dtype=numpy.float32)
    noise = numpy.random.default_rng(seed).normal(0, 5, (*pixels.shape[:2], 1)).astype(numpy.float32)
    noisy = Image.fromarray(numpy.clip(pixels + noise, 0, 255).astype("uint8"))
    for quality in range(95, 30, -3):
        buffer = io.BytesIO()
        noisy.save(buffer, "JPEG", quality=quality)
        if buffer.tell() < 4_400_000:
            break
    target.write_bytes(buffer.getvalue())


def scores(binary, folder, manifest, name, options):
    journal = folder / f"{name}.jsonl"
    subprocess.run([binary, "batch", manifest, "-o", journal, "--local", "--base-dir", folder, *options],
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    records = map(json.loads, journal.read_text().splitlines())
    return {record["id"]: record["score"] for record in records}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("photos", type=pathlib.Path)
    parser.add_argument("binary", nargs="?", default=ROOT / "target/release/didit-face")
    parser.add_argument("--different", type=int, default=160)
    parser.add_argument("--fit", default="500KB")
    arguments = parser.parse_args()
    photos = sorted(path for path in arguments.photos.iterdir() if path.suffix in (".png", ".jpg"))
    person = {path.stem: re.match(r"\D+", path.stem).group() for path in photos}
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        for seed, path in enumerate(photos):
            camera_photo(path, folder / f"{path.stem}.jpg", seed)
        pairs = list(itertools.combinations(person, 2))
        same = [pair for pair in pairs if person[pair[0]] == person[pair[1]]]
        different = [pair for pair in pairs if person[pair[0]] != person[pair[1]]]
        different = different[:: max(1, len(different) // arguments.different)][: arguments.different]
        manifest = folder / "pairs.csv"
        rows = [f"{a}-{b},{a}.jpg,{b}.jpg" for a, b in same + different]
        manifest.write_text("\n".join(["id,user_image,ref_image", *rows, ""]))
        whole = scores(arguments.binary, folder, manifest, "whole", [])
        fitted = scores(arguments.binary, folder, manifest, "fitted", [f"--fit={arguments.fit}"])
    judged = [id for id in whole if None not in (whole[id], fitted.get(id))]
    changes = [abs(whole[id] - fitted[id]) for id in judged]
    print(f"{len(judged)} of {len(rows)} pairs have a score, --fit={arguments.fit}")
    print(f"score change: median {statistics.median(changes):.2f}, maximum {max(changes):.2f}")
    for id in sorted(judged, key=lambda id: -abs(whole[id] - fitted[id]))[:3]:
        print(f"  {id}: {whole[id]} -> {fitted[id]}")
    for threshold in (30, 50, 70):
        flips = sum((whole[id] < threshold) != (fitted[id] < threshold) for id in judged)
        print(f"threshold {threshold}: {flips} verdicts differ")


main()
