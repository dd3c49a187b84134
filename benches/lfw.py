#!/usr/bin/env python3
"""Measures error rates of `--local` on the 6,000 official pairs of Labeled Faces in the Wild.

usage: benches/lfw.py BINARY FOLDER PAIRS.txt

FOLDER has one folder per person (lfw-deepfunneled); PAIRS.txt is the official list (ten sets of 300
same and 300 different pairs). Prints false accepts and false rejects at each threshold, counting a
pair without a score as rejected, and the number of pairs with a warning. Needs only the standard
library.
"""
import csv
import json
import pathlib
import subprocess
import sys
import tempfile

THRESHOLDS = (30, 50, 70, 90)


def pairs(path):
    """Yields the names of two photos, and whether they show the same person."""
    for line in path.read_text().splitlines()[1:]:
        match line.split("\t"):
            case [name, a, b]:
                yield (name, a), (name, b), True
            case [one, a, other, b]:
                yield (one, a), (other, b), False


def main():
    binary, folder, listed = sys.argv[1], pathlib.Path(sys.argv[2]).resolve(), pathlib.Path(sys.argv[3])
    photo = lambda name, number: f"{name}/{name}_{int(number):04}.jpg"
    rows = [(photo(*a), photo(*b), same) for a, b, same in pairs(listed)]
    with tempfile.TemporaryDirectory() as scratch:
        manifest, journal = pathlib.Path(scratch, "pairs.csv"), pathlib.Path(scratch, "journal.jsonl")
        with manifest.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "user_image", "ref_image"])
            writer.writerows([i, a, b] for i, (a, b, _) in enumerate(rows))
        command = [binary, "batch", str(manifest), "-o", str(journal), "--base-dir", str(folder), "--local"]
        subprocess.run(command, stdout=subprocess.DEVNULL)
        records = [json.loads(line) for line in journal.read_text().splitlines()]
    judged = {int(record["id"]): record for record in records if record.get("status")}
    scores = {True: [], False: []}
    warned = {True: 0, False: 0}
    for i, record in judged.items():
        same = rows[i][2]
        scores[same].append(-1.0 if record["score"] is None else record["score"])
        warned[same] += any(w.get("log_type") == "warning" for w in record["warnings"])
    print(f"{len(judged)} of {len(rows)} pairs judged")
    for kind, name in ((True, "same"), (False, "different")):
        none = sum(score < 0 for score in scores[kind])
        print(f"{name}: {len(scores[kind])} pairs, {none} without a score, {warned[kind]} with a warning")
    for threshold in THRESHOLDS:
        accepted = sum(score >= threshold for score in scores[False]) / len(scores[False])
        rejected = sum(score < threshold for score in scores[True]) / len(scores[True])
        print(f"threshold {threshold}: false accepts {100 * accepted:.2f} %, false rejects {100 * rejected:.2f} %")


main()
