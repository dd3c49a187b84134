#!/usr/bin/env python3
"""Measures error rates by group, and how many pairs the engine warns about.

usage: benches/groups.py MEASURES.jsonl GROUPS.csv

MEASURES.jsonl comes from the example `measure`. GROUPS.csv has the columns path, group and person:
all pairs of two persons of one group are strangers, those of one person true pairs. Prints, for each
group, the false accepts and false rejects at each threshold, and the share of accepted strangers and
of all photos with each warning. Needs numpy.
"""
import collections
import csv
import json
import sys

import numpy

DISTANCES = {30: 1.125, 50: 1.073, 70: 1.032}  # the engine's scale


def main():
    measured = {}
    for line in open(sys.argv[1], encoding="utf-8"):
        record = json.loads(line)
        measured[record["path"]] = record
    groups = collections.defaultdict(list)
    for row in csv.DictReader(open(sys.argv[2], newline="", encoding="utf-8")):
        record = measured.get(row["path"])
        if record and record.get("embedding"):
            groups[row["group"]].append((row["person"], record))
    for group, members in groups.items():
        vectors = numpy.array([record["embedding"] for _, record in members])
        vectors /= numpy.linalg.norm(vectors, axis=1)[:, None]
        persons = numpy.array([person for person, _ in members])
        i, j = numpy.triu_indices(len(members), 1)
        distance = numpy.sqrt(numpy.maximum(0, 2 - 2 * (vectors[i] * vectors[j]).sum(1)))
        same = persons[i] == persons[j]
        warned = numpy.array([bool(record["flaws"]) for _, record in members])
        accepted = (distance <= DISTANCES[30]) & ~same
        said = warned[i] | warned[j]
        rates = lambda rows, far: " / ".join(
            f"{100 * ((distance[rows] > d) == far).mean():.3f}" for d in DISTANCES.values()) if rows.any() else "-"
        print(f"{group}: {len(members)} faces; {(~same).sum()} strangers, false accepts {rates(~same, False)} %; "
              f"{same.sum()} true, false rejects {rates(same, True)} %; accepted strangers with a warning "
              f"{said[accepted].sum()} of {accepted.sum()}; photos with a warning {100 * warned.mean():.1f} %")
        kinds = collections.Counter(flaw.split(",")[0] for _, record in members for flaw in record["flaws"])
        for flaw, count in kinds.most_common():
            print(f"    {count:5}  {flaw}")


main()
