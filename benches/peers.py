#!/usr/bin/env python3
"""Compares one remote `match`, as a whole process, with curl and the script that it replaces.

usage: benches/peers.py [BINARY] [--runs N]

Starts a loopback server that answers every POST with the same verdict, over plain HTTP and TLS.
Times the programs in turn (A B C A B C ...), so that drift affects all alike. Prints medians in
milliseconds and ratios. Needs curl and openssl. Skips the Python row without the `requests` package,
and without a C compiler the floor, a program that only reads the photos and sends them.
"""
import contextlib
import json
import os
import pathlib
import shutil
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
VERDICT = json.dumps({
    "request_id": "bench",
    "face_match": {"status": "Approved", "score": 80, "user_image": {"entities": []},
                   "ref_image": {"entities": []}, "warnings": []},
    "created_at": "2025-05-01T13:11:07.977806Z"}).encode()
SYSTEM_CAS = "/etc/ssl/certs/ca-certificates.crt"
# What users have had until now: the example in the service's documentation.
SCRIPT = """
import os, sys, requests
r = requests.post(os.environ["DIDIT_API_URL"] + "/v3/face-match/",
    headers={"x-api-key": os.environ["DIDIT_API_KEY"]},
    files={"user_image": open(sys.argv[1], "rb"), "ref_image": open(sys.argv[2], "rb")},
    data={"face_match_score_decline_threshold": "30"}, verify=os.environ.get("CA") or True)
print(r.json()["face_match"]["status"])
"""


def answer(connection):
    """Reads one whole request and answers it."""
    with contextlib.suppress(OSError), connection:
        data = b""
        while b"\r\n\r\n" not in data:
            data += connection.recv(65536)
        head, body = data.split(b"\r\n\r\n", 1)
        headers = head.decode("latin-1").lower()
        length = int(headers.split("content-length:")[1].split("\r\n")[0])
        if "expect: 100-continue" in headers:
            connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        left, buffer = length - len(body), bytearray(1 << 20)
        while left > 0:
            left -= connection.recv_into(buffer, min(left, len(buffer)))
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n"
                           b"Content-Length: %d\r\n\r\n" % len(VERDICT) + VERDICT)


def serve(tls=None):
    """Starts a server on a free loopback port; returns the port."""
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)

    def loop():
        while True:
            connection, _ = listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with contextlib.suppress(OSError):
                answer(tls.wrap_socket(connection, server_side=True) if tls else connection)
    threading.Thread(target=loop, daemon=True).start()
    return listener.getsockname()[1]


def certificate(folder):
    """Creates a CA and a certificate for localhost with openssl."""
    run = lambda *a: subprocess.run(["openssl", *a], cwd=folder, check=True, capture_output=True)
    new = ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"]
    run(*new, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=bench CA")
    run(*new, "-CA", "ca.pem", "-CAkey", "ca.key", "-keyout", "key.pem", "-out", "cert.pem",
        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
        "-addext", "basicConstraints=critical,CA:FALSE")
    bundle = folder / "bundle.pem"
    bundle.write_bytes(pathlib.Path(SYSTEM_CAS).read_bytes() + (folder / "ca.pem").read_bytes())
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(folder / "cert.pem", folder / "key.pem")
    return context, folder / "ca.pem", bundle


def photos(folder, size):
    """Writes two files of `size` bytes each: a JPEG signature followed by noise."""
    paths = [folder / f"{name}{size}.jpg" for name in ("user", "ref")]
    for path in paths:
        path.write_bytes(b"\xff\xd8\xff\xe0" + os.urandom(size - 4))
    return [str(path) for path in paths]


def race(title, commands, env, runs):
    times = {name: [] for name in commands}
    for turn in range(runs + 1):
        for name, command in commands.items():
            start = time.perf_counter()
            done = subprocess.run(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            if done.returncode != 0:
                sys.exit(f"{name}: exit {done.returncode}: {done.stderr.decode(errors='replace')}")
            if turn:  # the first is a warm-up
                times[name].append((time.perf_counter() - start) * 1000)
    medians = {name: statistics.median(t) for name, t in times.items()}
    ours = medians["didit-face"]
    print(title)
    for name, median in medians.items():
        print(f"  {name:12} {median:7.1f} ms  (didit-face takes {ours / median:.2f} x as long)")


def main():
    arguments = sys.argv[1:]
    runs = int(arguments[arguments.index("--runs") + 1]) if "--runs" in arguments else 30
    given = [a for a in arguments if not a.startswith("--") and a != str(runs)]
    binary = given[0] if given else str(ROOT / "target/release/didit-face")
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        tls, ca, bundle = certificate(folder)
        for title, url, size, curl_ca, own_ca in [
            ("plain http, 2 x 2 MB", f"http://127.0.0.1:{serve()}", 2_000_000, [], []),
            ("plain http, 2 x 200 KB", f"http://127.0.0.1:{serve()}", 200_000, [], []),
            ("TLS, system trust store, 2 x 200 KB", f"https://localhost:{serve(tls)}", 200_000,
             ["--cacert", str(bundle)], ["--cacert", str(ca)]),
        ]:
            user, reference = photos(folder, size)
            env = {"PATH": os.environ["PATH"], "DIDIT_API_KEY": "bench", "DIDIT_API_URL": url, "CA": str(bundle)}
            commands = {
                "didit-face": [binary, "match", user, reference, *own_ca],
                "curl": ["curl", "-sf", *curl_ca, "-H", "x-api-key: bench", "-F", f"user_image=@{user}",
                         "-F", f"ref_image=@{reference}", "-F", "face_match_score_decline_threshold=30",
                         f"{url}/v3/face-match/"],
            }
            if url.startswith("http:") and shutil.which("cc"):
                floor = folder / "floor"
                subprocess.run(["cc", "-O2", "-static", "-o", floor, ROOT / "benches/floor.c"], check=True)
                commands["floor"] = [floor, url.rpartition(":")[2], user, reference]
            if subprocess.run([sys.executable, "-c", "import requests"], capture_output=True).returncode == 0:
                commands["python"] = [sys.executable, "-c", SCRIPT, user, reference]
            race(title, commands, env, runs)


main()
