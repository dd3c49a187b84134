#!/usr/bin/env python3
"""Computes embeddings and confidences of labelled photos, for benches/gate.py.

usage: benches/embed.py LIST.csv OUT.npz [--degrade]

LIST.csv has the columns path, set (FACE, HARD or NONFACE) and category. With --degrade, each photo
yields six variants: blurred, noisy, as a JPEG of quality 10, small, dark, and low in contrast.
OpenCV and onnxruntime run the program's own model files. Needs numpy, opencv-python-headless and
onnxruntime.
"""
import csv
import pathlib
import sys

import cv2
import numpy
import onnxruntime

MODELS = pathlib.Path(__file__).resolve().parent.parent / "engine/models"
TEMPLATE = numpy.array([[38.2946, 51.6963], [73.5318, 51.5014], [56.0252, 71.7366],
                        [41.5493, 92.3655], [70.7299, 92.2041]])
# Longer side of the detector's input.
FIT = 640


def degraded(picture, random):
    """Yields degraded variants of a photo; assumes that the face fills a third of it."""
    side = max(picture.shape[:2]) / 3
    yield "blur", cv2.GaussianBlur(picture, (0, 0), side / 40)
    noise = random.normal(0, 25, picture.shape)
    yield "noise", numpy.clip(picture + noise, 0, 255).astype(numpy.uint8)
    yield "jpeg", cv2.imdecode(cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, 10])[1], 1)
    small = 40 / side
    yield "small", cv2.resize(picture, None, fx=small, fy=small, interpolation=cv2.INTER_AREA)
    yield "dark", (picture * 0.2).astype(numpy.uint8)
    yield "flat", (picture * 0.3 + 90).astype(numpy.uint8)


def similarity(points):
    """Returns the similarity transform that best fits the landmarks to the template."""
    p_mean, q_mean = points.mean(0), TEMPLATE.mean(0)
    p, q = points - p_mean, TEMPLATE - q_mean
    a = (p * q).sum() / (p ** 2).sum()
    b = (p[:, 0] * q[:, 1] - p[:, 1] * q[:, 0]).sum() / (p ** 2).sum()
    turn = numpy.array([[a, -b], [b, a]])
    return numpy.hstack([turn, (q_mean - turn @ p_mean)[:, None]])


def look(picture, detector, embedder):
    """Returns the embedding and confidence of the largest face, or None."""
    scale = FIT / max(picture.shape[:2])
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR
    picture = cv2.resize(picture, None, fx=scale, fy=scale, interpolation=how)
    detector.setInputSize((picture.shape[1], picture.shape[0]))
    _, faces = detector.detect(picture)
    if faces is None:
        return None
    face = max(faces, key=lambda face: face[2] * face[3])
    chip = cv2.warpAffine(picture, similarity(face[4:14].reshape(5, 2)), (112, 112))
    planes = chip[:, :, ::-1].transpose(2, 0, 1)[None].astype(numpy.float32)
    return embedder.run(None, {"data": planes})[0][0], face[14]


def main():
    rows = list(csv.DictReader(open(sys.argv[1], newline="", encoding="utf-8")))
    detector = cv2.FaceDetectorYN.create(str(MODELS / "yunet_dynamic.onnx"), "", (320, 320), 0.6, 0.3)
    embedder = onnxruntime.InferenceSession(str(MODELS / "sface_int8.onnx"))
    random, found = numpy.random.default_rng(1), []
    for row in rows:
        picture = cv2.imread(row["path"])
        if picture is None:
            continue
        variants = degraded(picture, random) if "--degrade" in sys.argv else [(row["category"], picture)]
        for category, variant in variants:
            seen = look(variant, detector, embedder)
            if seen is not None:
                found.append((*seen, row["set"], category, row["path"]))
    names = ("embedding", "confidence", "set", "category", "path")
    columns = [numpy.array(column) for column in zip(*found)]
    numpy.savez_compressed(sys.argv[2], **dict(zip(names, columns)))
    print(f"{len(found)} faces in {len(rows)} photos")


main()
