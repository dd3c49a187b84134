#!/usr/bin/env python3
"""Compares one `match` over a slow uplink, with and without --fit, with curl and a Python script.

usage: benches/uplink.py [BINARY] [--runs N]

A loopback service receives at 10 and 100 Mbit/s with a round trip of 40 ms (one each for connecting,
`100 Continue` and the answer). The photos, about 4 MB each, are enlarged sample faces with sensor
noise. The programs run in turn; prints medians for the whole process. Needs curl, Pillow and numpy.
Skips the script's row if `requests` is not installed.
"""
import contextlib
import io
import json
import os
import pathlib
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time

import numpy
from PIL import Image

ROOT = pathlib.Path(__file__).resolve().parent.parent
ROUND_TRIP = 0.04
VERDICT = json.dumps({
    "request_id": "bench",
    "face_match": {"status": "Approved", "score": 80, "user_image": {"entities": []},
                   "ref_image": {"entities": []}, "warnings": []},
    "created_at": "2025-05-01T13:11:07.977806Z"}).encode()
SCRIPT = """
import os, sys, requests
r = requests.post(os.environ["DIDIT_API_URL"] + "/v3/face-match/",
    headers={"x-api-key": os.environ["DIDIT_API_KEY"]},
    files={"user_image": open(sys.argv[1], "rb"), "ref_image": open(sys.argv[2], "rb")},
    data={"face_match_score_decline_threshold": "30"})
print(r.json()["face_match"]["status"])
"""


class Line:
    """A connection that receives `rate` bytes per second."""

    def __init__(self, connection, rate):
        self.connection, self.rate, self.due, self.received = connection, rate, time.perf_counter(), 0

    def receive(self, size):
        data = self.connection.recv(size)
        # Neither bytes buffered in the kernel nor idle time make up for the rate.
        self.due = max(self.due, time.perf_counter() - 0.01) + len(data) / self.rate
        time.sleep(max(0, self.due - time.perf_counter()))
        self.received += len(data)
        return data


def answer(connection, rate, sizes):
    with contextlib.suppress(OSError), connection:
        time.sleep(ROUND_TRIP)  # the TCP handshake, instant on loopback
        line, data = Line(connection, rate), b""
        while b"\r\n\r\n" not in data:
            data += line.receive(1448)
        head, body = data.split(b"\r\n\r\n", 1)
        headers = head.decode("latin-1").lower()
        length = int(headers.split("content-length:")[1].split("\r\n")[0])
        if "expect: 100-continue" in headers:
            time.sleep(ROUND_TRIP)
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        left = length - len(body)
        while left > 0:
            left -= len(line.receive(min(left, 16384)))
        sizes.append(length)
        time.sleep(ROUND_TRIP)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
                           b"Content-Length: %d\r\n\r\n" % len(VERDICT) + VERDICT)


def serve(megabits):
    """Starts the service on a free port; returns the port and a list of request sizes, filled later."""
    listener, sizes = socket.create_server(("127.0.0.1", 0), backlog=64), []

    def loop():
        while True:
            connection, _ = listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=answer, args=(connection, megabits * 125_000, sizes), daemon=True).start()
    threading.Thread(target=loop, daemon=True).start()
    return listener.getsockname()[1], sizes


def photo(folder, sample, seed):
    """Writes a photo of 12 megapixels and about 4 MB, like a camera's."""
    picture = Image.open(ROOT / "assets/samples" / sample).convert("RGB").resize((3000, 4000), Image.Resampling.LANCZOS)
    noise = numpy.random.default_rng(seed).normal(0, 5, (4000, 3000, 1))
    noisy = Image.fromarray(numpy.clip(numpy.asarray(picture) + noise, 0, 255).astype("uint8"))
    for quality in range(95, 30, -1):
        buffer = io.BytesIO()
        noisy.save(buffer, "JPEG", quality=quality)
        if buffer.tell() < 4_400_000:
            break
    path = folder / f"photo{seed}.jpg"
    path.write_bytes(buffer.getvalue())
    return str(path)


def race(commands, env, runs, sizes):
    times, sent = {name: [] for name in commands}, {}
    for _ in range(runs):
        for name, command in commands.items():
            start = time.perf_counter()
            done = subprocess.run(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            times[name].append(time.perf_counter() - start)
            if done.returncode != 0:
                sys.exit(f"{name}: exit {done.returncode}: {done.stderr.decode(errors='replace')}")
            sent[name] = sizes[-1] / 1e6
    curl = statistics.median(times["curl, originals"])
    for name, values in times.items():
        median = statistics.median(values)
        print(f"  {name:26} {median:6.2f} s  {sent[name]:5.2f} MB sent  {median / curl:.2f} x curl")


def main():
    arguments = sys.argv[1:]
    runs = int(arguments[arguments.index("--runs") + 1]) if "--runs" in arguments else 5
    given = [a for a in arguments if not a.startswith("--") and a != str(runs)]
    binary = given[0] if given else str(ROOT / "target/release/didit-face")
    with tempfile.TemporaryDirectory() as folder:
        user, reference = (photo(pathlib.Path(folder), name, seed)
                           for seed, name in enumerate(["astronaut.png", "astronaut_id_card.jpg"]))
        print(", ".join(f"{os.path.getsize(path) / 1e6:.1f} MB" for path in (user, reference)))
        for megabits in (10, 100):
            port, sizes = serve(megabits)
            url = f"http://127.0.0.1:{port}"
            env = {"PATH": os.environ["PATH"], "DIDIT_API_KEY": "bench", "DIDIT_API_URL": url}
            commands = {
                "didit-face --fit=500KB": [binary, "match", "--fit=500KB", user, reference],
                "didit-face, originals": [binary, "match", user, reference],
                "curl, originals": ["curl", "-sf", "-H", "x-api-key: bench", "-F", f"user_image=@{user}",
                                    "-F", f"ref_image=@{reference}", "-F", "face_match_score_decline_threshold=30",
                                    f"{url}/v3/face-match/"],
            }
            if subprocess.run([sys.executable, "-c", "import requests"], capture_output=True).returncode == 0:
                commands["Python script, originals"] = [sys.executable, "-c", SCRIPT, user, reference]
            print(f"{megabits} Mbit/s, {ROUND_TRIP * 1000:.0f} ms round trip, {runs} runs")
            race(commands, env, runs, sizes)


main()
