#!/usr/bin/env python3
"""What an upload costs on a real line, and whether the status of a refused one arrives.

usage: benches/line.py BINARY [OLD_BINARY] [--runs N]

1. `batch` over TLS with a round trip of 40 ms (a delaying proxy), at --rate 300: pairs a minute.
2. A service that refuses by the headers and closes: how often `match` and curl show its status.
3. One `match` of two photos on loopback, plain and TLS: median time in relation to curl's.
Needs openssl and curl. An old binary is measured in turn.
"""
import argparse
import json
import os
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import uuid

parser = argparse.ArgumentParser()
parser.add_argument("binaries", nargs="+")
parser.add_argument("--runs", type=int, default=20)
parser.add_argument("--pairs", type=int, default=50)
arguments = parser.parse_args()
binaries = [os.path.abspath(binary) for binary in arguments.binaries]
os.chdir(tempfile.mkdtemp())
subprocess.run(
    "openssl req -x509 -newkey rsa:2048 -nodes -keyout k.pem -out c.pem -days 2 -subj /CN=localhost"
    " -addext subjectAltName=IP:127.0.0.1 -addext basicConstraints=critical,CA:FALSE",
    shell=True, check=True, stderr=subprocess.DEVNULL)
TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
TLS.load_cert_chain("c.pem", "k.pem")


def answer(status, members):
    body = json.dumps(members).encode()
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\nContent-Length: {len(body)}\r\n"
    return head.encode(), body


def approved():
    return answer(200, {"request_id": str(uuid.uuid4()), "face_match": {"status": "Approved", "score": 80}})


BUSY = answer(429, {"detail": "Write request rate limit exceeded."})


def listen(behave):
    listener = socket.create_server(("127.0.0.1", 0), backlog=64)

    def run():
        while True:
            threading.Thread(target=behave, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=run, daemon=True).start()
    return listener.getsockname()[1]


def serve(is_tls, refuses):
    def behave(connection):
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if is_tls:
                connection = TLS.wrap_socket(connection, server_side=True)
            data = b""
            while True:
                while b"\r\n\r\n" not in data:
                    piece = connection.recv(1 << 18)
                    if not piece:
                        return
                    data += piece
                head, data = data.split(b"\r\n\r\n", 1)
                if refuses:
                    connection.sendall(BUSY[0] + b"Connection: close\r\n\r\n" + BUSY[1])
                    connection.close()
                    return
                lengths = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")]
                left = int(lengths[0].split(b":")[1]) - len(data)
                while left > 0:
                    left -= len(connection.recv(1 << 18))
                data = b""
                connection.sendall(b"\r\n".join(approved()))
        except OSError:
            pass

    return listen(behave)


def delaying(port, delay):
    """Each direction takes `delay`, whatever its size."""
    def behave(client):
        service = socket.create_connection(("127.0.0.1", port))
        for source, sink in ((client, service), (service, client)):
            source.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            pieces = []
            ready = threading.Condition()

            def read(source=source, pieces=pieces, ready=ready):
                while True:
                    try:
                        piece = source.recv(1 << 16)
                    except OSError:
                        piece = b""
                    with ready:
                        pieces.append((time.monotonic() + delay, piece))
                        ready.notify()
                    if not piece:
                        return

            def write(sink=sink, pieces=pieces, ready=ready):
                while True:
                    with ready:
                        while not pieces:
                            ready.wait()
                        due, piece = pieces.pop(0)
                    time.sleep(max(0, due - time.monotonic()))
                    try:
                        if not piece:
                            sink.shutdown(socket.SHUT_WR)
                            return
                        sink.sendall(piece)
                    except OSError:
                        return

            threading.Thread(target=read, daemon=True).start()
            threading.Thread(target=write, daemon=True).start()

    return listen(behave)


def photos(size):
    for name in ("a.jpg", "b.jpg"):
        with open(name, "wb") as file:
            file.write(b"\xff\xd8\xff\xe0\x00\x10JFIF" + os.urandom(size) + b"\xff\xd9")


def run(command, is_tls, port):
    scheme = "https" if is_tls else "http"
    environment = {"PATH": os.environ["PATH"], "DIDIT_API_KEY": "bench-0123456789",
                   "DIDIT_API_URL": f"{scheme}://127.0.0.1:{port}", "SSL_CERT_FILE": "c.pem"}
    started = time.monotonic()
    result = subprocess.run(command, env=environment, capture_output=True, text=True)
    return result, time.monotonic() - started


def curl(is_tls, port):
    url = f"{'https' if is_tls else 'http'}://127.0.0.1:{port}/v3/face-match/"
    return ["curl", "-sk", "-o", "/dev/null", "-w", "%{http_code}", "-H", "Expect:",
            "-F", "user_image=@a.jpg", "-F", "ref_image=@b.jpg", url]


def match(binary):
    return [binary, "match", "a.jpg", "b.jpg", "--retries", "0"]


photos(100_000)
with open("pairs.csv", "w") as file:
    file.write("id,user_image,ref_image\n" + "".join(f"{i},a.jpg,b.jpg\n" for i in range(arguments.pairs)))
far = delaying(serve(True, False), 0.02)
for binary in binaries:
    result, took = run([binary, "batch", "pairs.csv", "-o", f"{time.monotonic()}.jsonl", "-q"], True, far)
    print(f"TLS at 40 ms, --rate 300: {arguments.pairs / took * 60:.0f} pairs/min ({binary})", flush=True)
    if result.returncode != 0:
        sys.exit(result.stderr)
for is_tls in (False, True):
    for size in (300_000, 3_000_000):
        photos(size)
        port = serve(is_tls, True)
        shown = {binary: 0 for binary in binaries}
        by_curl = 0
        for _ in range(arguments.runs):
            for binary in binaries:
                result, _took = run(match(binary), is_tls, port)
                shown[binary] += result.returncode == 8 and "HTTP 429" in result.stderr
            by_curl += run(curl(is_tls, port), is_tls, port)[0].stdout == "429"
        counts = ", ".join(str(count) for count in shown.values())
        print(f"refused upload of 2 x {size / 1e6} MB, {'TLS' if is_tls else 'plain'}: status shown {counts}, curl {by_curl}, of {arguments.runs}", flush=True)
for size in (200_000, 2_000_000):
    photos(size)
    for is_tls in (False, True):
        port = serve(is_tls, False)
        times = {binary: [] for binary in [*binaries, "curl"]}
        for _ in range(arguments.runs):
            for binary in binaries:
                times[binary].append(run(match(binary), is_tls, port)[1])
            times["curl"].append(run(curl(is_tls, port), is_tls, port)[1])
        by_curl = statistics.median(times.pop("curl"))
        ratios = ", ".join(f"{statistics.median(took) / by_curl:.2f}" for took in times.values())
        print(f"2 x {size / 1e6} MB, {'TLS' if is_tls else 'plain'}: {ratios} x curl ({by_curl * 1000:.0f} ms)", flush=True)
