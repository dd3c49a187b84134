#!/usr/bin/env python3
"""Compares `check` on many photos with detection alone by OpenCV's YuNet in Python.

usage: benches/check.py [BINARY] [--photos N] [--runs N]

Makes N photos (default 1000) of 1000 x 1000 pixels from the sample portraits at varying scales and
positions. Runs the programs on all of them in turn (A B C A B C ...), so that drift affects all
alike. Prints median photos per second, ratios and peak memory. Python runs one process per core,
each with a single-threaded network. Needs numpy and opencv-python-headless.
"""
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

import cv2
import numpy

ROOT = pathlib.Path(__file__).resolve().parent.parent
SIDE = 1000
# Runs at the photo's own size, as in OpenCV's documentation; at 640, the largest size that `check`
# tries when it finds no near face; and at 320, where only near faces are found.
PEER = """
import multiprocessing, pathlib, sys
import cv2

FOLDER, MODEL, FIT = sys.argv[1], sys.argv[2], int(sys.argv[3])

def start():
    global detector
    cv2.setNumThreads(1)
    detector = cv2.FaceDetectorYN.create(MODEL, "", (320, 320), 0.6, 0.3)

def look(path):
    picture = cv2.imread(str(path))
    if FIT:
        picture = cv2.resize(picture, (FIT, FIT), interpolation=cv2.INTER_AREA)
    detector.setInputSize((picture.shape[1], picture.shape[0]))
    _, faces = detector.detect(picture)
    return 0 if faces is None else len(faces)

if __name__ == "__main__":
    paths = sorted(pathlib.Path(FOLDER).iterdir())
    with multiprocessing.Pool(initializer=start) as pool:
        found = pool.map(look, paths, chunksize=8)
    print(sum(1 for count in found if count), "photos with faces")
"""


def photos(folder, count):
    """Writes photos with a portrait that fills 35 to 100 % of the frame, on a soft background."""
    random = numpy.random.default_rng(5)
    samples = ROOT / "assets/samples"
    portraits = [cv2.imread(str(samples / name)) for name in ("astronaut.png", "grace_hopper.jpg")]
    for i in range(count):
        picture = cv2.resize(random.integers(60, 200, (8, 8, 3)).astype(numpy.uint8), (SIDE, SIDE),
                             interpolation=cv2.INTER_CUBIC)
        portrait = portraits[i % 2]
        scale = random.uniform(0.35, 1.0) * SIDE / max(portrait.shape[:2])
        portrait = cv2.resize(portrait, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
        height, width = portrait.shape[:2]
        top, left = random.integers(0, SIDE - height + 1), random.integers(0, SIDE - width + 1)
        picture[top:top + height, left:left + width] = portrait
        cv2.imwrite(str(folder / f"{i:05}.jpg"), picture, [cv2.IMWRITE_JPEG_QUALITY, 88])


# A forked process inherits its parent's peak memory, so fork from a small one.
LAUNCHER = """
import os, sys
quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
child = os.posix_spawnp(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet)
_, status, usage = os.wait4(child, 0)
print(usage.ru_maxrss)
sys.exit(os.waitstatus_to_exitcode(status))
"""


def run(command):
    """Returns wall seconds, and the largest process's peak memory in MB."""
    start = time.perf_counter()
    child = subprocess.run([sys.executable, "-S", "-c", LAUNCHER, *command], capture_output=True, text=True)
    seconds = time.perf_counter() - start
    if child.returncode not in (0, 6):
        sys.exit(f"{command[0]}: {child.stderr}")
    return seconds, int(child.stdout) / 1024


def main():
    arguments = sys.argv[1:]
    number = lambda name, default: int(arguments[arguments.index(name) + 1]) if name in arguments else default
    count, runs = number("--photos", 1000), number("--runs", 3)
    binary = arguments[0] if arguments and not arguments[0].startswith("--") else str(ROOT / "target/release/didit-face")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        pictures, peer = folder / "photos", folder / "peer.py"
        pictures.mkdir()
        photos(pictures, count)
        peer.write_text(PEER)
        model = str(ROOT / "engine/models/yunet_dynamic.onnx")
        python = lambda fit: [sys.executable, str(peer), str(pictures), model, fit]
        commands = {
            "didit-face check": [binary, "check", "--json", str(pictures)],
            "OpenCV, own size": python("0"),
            "OpenCV, at 640": python("640"),
            "OpenCV, at 320": python("320"),
        }
        seconds, memory = {name: [] for name in commands}, dict.fromkeys(commands, 0)
        for turn in range(runs + 1):
            for name, command in commands.items():
                took, peak = run(command)
                memory[name] = max(memory[name], peak)
                if turn:  # the first is a warm-up
                    seconds[name].append(took)
    medians = {name: statistics.median(took) for name, took in seconds.items()}
    for name, median in medians.items():
        ratio = medians["didit-face check"] / median
        print(f"{name:17} {count / median:7.1f} photos/s  {memory[name]:6.0f} MB  (didit-face takes {ratio:.2f} x as long)")


main()
