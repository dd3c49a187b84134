#!/usr/bin/env python3
"""Fits the classifier that tells faces from look-alikes: engine/models/face_gate.json.

usage: benches/gate.py LABELLED.npz [FURTHER_FACES.npz...] [-o engine/models/face_gate.json]

The files come from benches/embed.py: arrays embedding (SFace's, raw), confidence (the detector's),
set (FACE, HARD or NONFACE), category and path. Fits a logistic regression with a ridge penalty on
standardised features. The figures are from five-fold cross-validation; all variants of a photo
(further files hold degraded faces) are in the same fold. Needs numpy.
"""
import json
import pathlib
import sys

import numpy

ROOT = pathlib.Path(__file__).resolve().parent.parent
RIDGE = 30.0
# The six degraded variants of a photo together weigh as much as the photo.
FURTHER_WEIGHT = 1 / 6
NO_FACE, DOUBTFUL = -1.5, 0.0
APPROVED = 1.125  # distance at a score of 30


def read(paths):
    columns = {name: [] for name in ("embedding", "confidence", "set", "category", "path")}
    weights = []
    for i, path in enumerate(paths):
        data = numpy.load(path)
        for name, values in columns.items():
            values.append(data[name])
        weights.append(numpy.full(len(data["set"]), 1.0 if i == 0 else FURTHER_WEIGHT))
    columns = {name: numpy.concatenate(values) for name, values in columns.items()}
    return columns, numpy.concatenate(weights)


def regression(x, y, weights):
    """Returns the weights followed by the bias, found by Newton's method."""
    x = numpy.hstack([x, numpy.ones((len(x), 1))])
    ridge = numpy.eye(x.shape[1]) * RIDGE
    ridge[-1, -1] = 0
    b = numpy.zeros(x.shape[1])
    for _ in range(50):
        p = 1 / (1 + numpy.exp(-numpy.clip(x @ b, -40, 40)))
        curve = (x * (weights * p * (1 - p) + 1e-9)[:, None]).T @ x + ridge
        step = numpy.linalg.solve(curve, x.T @ (weights * (p - y)) + ridge @ b)
        b -= step
        if abs(step).max() < 1e-9:
            break
    return b


def fit(x, y, weights):
    """Returns weights and bias for features that are not standardised."""
    mean, spread = x.mean(0), x.std(0)
    b = regression((x - mean) / spread, y, weights)
    return b[:-1] / spread, b[-1] - (b[:-1] * mean / spread).sum()


def figures(sums, columns, is_further):
    kind, category = columns["set"], columns["category"]
    groups = {
        "non-faces": kind == "NONFACE",
        "faces": (kind == "FACE") & (category != "lfw") & ~is_further,
        "LFW": (category == "lfw") & ~is_further,
        "HARD": kind == "HARD",
        **{f"degraded, {name}": is_further & (category == name) for name in sorted(set(category[is_further]))},
    }
    for name, rows in groups.items():
        if rows.any():
            none, doubtful = (sums[rows] < NO_FACE).mean(), (sums[rows] < DOUBTFUL).mean()
            print(f"{name:20} {rows.sum():5}  no face {100 * none:6.2f} %  at least doubtful {100 * doubtful:6.2f} %")
    rows = kind == "NONFACE"
    unit = columns["embedding"][rows] / numpy.linalg.norm(columns["embedding"][rows], axis=1)[:, None]
    far = numpy.sqrt(numpy.maximum(0, 2 - 2 * unit @ unit.T))
    pairs = numpy.triu_indices(len(unit), 1)
    near, worst = far[pairs] <= APPROVED, numpy.minimum.outer(sums[rows], sums[rows])[pairs]
    print(f"{len(near)} pairs of non-faces: Approved at 30 without the gate {100 * near.mean():.2f} %, with it "
          f"{100 * (near & (worst >= NO_FACE)).mean():.3f} %, without a warning {100 * (near & (worst >= DOUBTFUL)).mean():.4f} %")


def main():
    arguments, output = sys.argv[1:], None
    if "-o" in arguments:
        at = arguments.index("-o")
        output, arguments = arguments[at + 1], arguments[:at] + arguments[at + 2:]
    columns, weights = read(arguments)
    x = numpy.hstack([columns["embedding"], numpy.linalg.norm(columns["embedding"], axis=1)[:, None],
                      columns["confidence"][:, None]]).astype(float)
    y, used, is_further = (columns["set"] == "FACE").astype(float), columns["set"] != "HARD", weights < 1
    _, photo = numpy.unique(columns["path"], return_inverse=True)
    fold = numpy.random.default_rng(0).integers(0, 5, photo.max() + 1)[photo]
    sums = numpy.zeros(len(x))
    for k in range(5):
        rows = used & (fold != k)
        w, bias = fit(x[rows], y[rows], weights[rows])
        sums[fold == k] = x[fold == k] @ w + bias
    figures(sums, columns, is_further)
    if output:
        w, bias = fit(x[used], y[used], weights[used])
        rounded = lambda value: round(float(value), 4)
        rule = {
            "source": "benches/gate.py; see engine/models/README.md",
            "no_face_below": NO_FACE, "doubtful_below": DOUBTFUL,
            "bias": rounded(bias), "confidence": rounded(w[-1]), "norm": rounded(w[-2]),
            "embedding": [rounded(value) for value in w[:-2]],
        }
        pathlib.Path(output).write_text(json.dumps(rule, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
