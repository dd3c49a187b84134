#!/usr/bin/env python3
"""Fits the rule that tells whether a mouth is covered: engine/models/covered_mouth.json.

usage: benches/mask.py MASKED.jsonl BARE.jsonl... [-o engine/models/covered_mouth.json]

The files come from the example `measure`: photos of masked faces, and of bare ones. Fits a logistic
regression with a ridge penalty on the raw embedding and its norm, and chooses the bias so that the
rule flags 1 bare face in 200. The figures are from ten-fold cross-validation; photos of one masked
person (a folder) are in the same fold, and together weigh at most as much as twelve. Needs numpy.
"""
import json
import pathlib
import sys

import numpy

from gate import fit

FLAGGED, MOST = 1 / 200, 12


def read(path):
    records = [json.loads(line) for line in open(path, encoding="utf-8")]
    records = [record for record in records if record.get("embedding")]
    vectors = numpy.array([record["embedding"] for record in records])
    folders = [str(pathlib.Path(record["path"]).parent) for record in records]
    return numpy.hstack([vectors, numpy.linalg.norm(vectors, axis=1)[:, None]]), folders


def main():
    arguments, output = sys.argv[1:], None
    if "-o" in arguments:
        at = arguments.index("-o")
        output, arguments = arguments[at + 1], arguments[:at] + arguments[at + 2:]
    sets = [read(path) for path in arguments]
    x = numpy.vstack([vectors for vectors, _ in sets])
    kind = numpy.concatenate([numpy.full(len(v), i) for i, (v, _) in enumerate(sets)])
    # Bare faces are divided by photo.
    groups = sets[0][1] + [str(i) for i in range(len(x) - len(sets[0][1]))]
    names, group = numpy.unique(groups, return_inverse=True)
    y, weights = (kind == 0).astype(float), numpy.minimum(1, MOST / numpy.bincount(group)[group])
    fold = numpy.random.default_rng(0).integers(0, 10, len(names))[group]
    sums = numpy.zeros(len(x))
    for k in range(10):
        w, bias = fit(x[fold != k], y[fold != k], weights[fold != k])
        sums[fold == k] = x[fold == k] @ w + bias
    least = numpy.quantile(sums[kind != 0], 1 - FLAGGED)
    for i, path in enumerate(arguments):
        print(f"{path}: {(kind == i).sum()} faces, flagged {100 * (sums[kind == i] > least).mean():.2f} %")
    if output:
        w, bias = fit(x, y, weights)
        rounded = lambda value: round(float(value), 4)
        rule = {"source": "benches/mask.py; see engine/models/README.md", "bias": rounded(bias - least),
                "norm": rounded(w[-1]), "embedding": [rounded(value) for value in w[:-1]]}
        pathlib.Path(output).write_text(json.dumps(rule, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
