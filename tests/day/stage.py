"""Sets up the day: 70 pairs of sample photos, and `serve` behind a proxy that loses answers."""
import csv
import http.client
import http.server
import json
import os
import shutil
import struct
import subprocess
import threading
import time
import zlib
from pathlib import Path

SAMPLES = Path(__file__).resolve().parent.parent.parent / "assets/samples"
KEY = "day-key"
# Realistic names and notes; some would be formulas in a spreadsheet.
NAMES = ["Zoë Łukasiewicz", "李雷", "محمد العلي", "Ольга Петрова", "=HYPERLINK(\"http://a.example\",\"x\")", "+49 30 1234",
         "@SUM(A1:A9)", "-2+3", "O'Neil; \"Bo\", Jr.", "🦊 Fox", "Ann <b>&amp;]]>", "Ποσειδώνας"]
COLUMNS = ["id", "vendor_data", "Filiale", "note", "verdict", "reason", "score", "threshold", "judged_by", "warnings",
           "error", "request_id", "user_image", "ref_image", "user_sha256", "ref_sha256", "elapsed_ms", "finished_at"]
KINDS = ["approved"] * 34 + ["lost"] * 2 + ["declined"] * 20 + ["faceless"] * 4 + ["review"] * 5 + ["failed"] * 3 + ["turned"] * 2


def blank():
    """Returns a grey PNG without a face."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    rows = b"".join(b"\0" + bytes([90 + y // 4] * 3 * 320) for y in range(400))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 320, 400, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def turned(jpeg):
    """Returns the JPEG with an EXIF orientation of 90 degrees."""
    tiff = b"II*\0\x08\0\0\0" + struct.pack("<HHHIHHI", 1, 0x0112, 3, 1, 6, 0, 0)
    exif = b"Exif\0\0" + tiff
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(exif) + 2) + exif + jpeg[2:]


def manifest(folder):
    """Writes the photos, and pairs.csv as a German spreadsheet saves it; returns its rows."""
    sample = {name: (SAMPLES / name).read_bytes() for name in ["astronaut.png", "astronaut_id_card.jpg", "grace_hopper.jpg"]}
    astronaut, card, hopper = sample.values()
    photos = {"approved": (astronaut, card), "lost": (astronaut, card), "declined": (astronaut, hopper),
              "faceless": (astronaut, blank()), "review": (hopper, hopper), "failed": (astronaut, b"no photo"),
              "turned": (turned(card), astronaut)}
    pairs = []
    for number, kind in enumerate(KINDS):
        # Shuffled, so that the report can't just keep the manifest's order.
        number = number * 37 % 70
        name = NAMES[number % len(NAMES)]
        pair = {"id": f"{kind}-{number:03}", "vendor_data": f"{name} {number}" + " LOST" * (kind == "lost"), "Filiale": ["Köln", "München"][number % 2],
                "note": name, "kind": kind, "rotate": "true" if kind == "turned" else "false",
                "user_image": f"Kunden/2026_11/Selfies/{number:03}-Zoë-李.jpg", "ref_image": f"Kunden/2026_11/Ausweise/{number:03}.jpg"}
        for place, photo in zip(["user_image", "ref_image"], photos[kind]):
            file = folder / pair[place]
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(photo)
        pairs.append(pair)
    pairs.sort(key=lambda pair: pair["user_image"])
    columns = ["id", "user_image", "ref_image", "vendor_data", "rotate", "Filiale", "note"]
    with open(folder / "pairs.csv", "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns, delimiter=";", extrasaction="ignore")
        writer.writeheader()
        writer.writerows(pairs)
    return pairs


class Stage:
    """`serve` behind a proxy that loses the answers for marked pairs."""

    def __init__(self, binary, folder):
        self.log = open(folder / "serve.log", "w", encoding="utf-8")
        self.serve = subprocess.Popen(
            [binary, "serve", "--listen", "127.0.0.1:0", "--key", KEY, "--review", "99..100", "--credits", "100", "--rate", "6000"],
            stdout=subprocess.PIPE, stderr=self.log, env={"PATH": os.environ["PATH"]}, encoding="utf-8")
        exports = dict(next(self.serve.stdout).removeprefix("export ").strip().split("=", 1) for _ in range(3))
        self.port = int(exports["DIDIT_API_URL"].strip("'\"").rstrip("/").rsplit(":", 1)[1])
        line = type("Line", (Line,), {"port": self.port, "paid": []})
        self.line = http.server.ThreadingHTTPServer(("127.0.0.1", 0), line)
        threading.Thread(target=self.line.serve_forever, daemon=True).start()

    def environment(self):
        return {"PATH": os.environ["PATH"], "DIDIT_API_KEY": KEY, "LANG": "C.UTF-8",
                "DIDIT_API_URL": f"http://127.0.0.1:{self.line.server_port}"}

    def paid(self):
        return len(self.line.RequestHandlerClass.paid)

    def settle(self, request_id, status):
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.request("POST", f"/_local/session/{request_id}/", json.dumps({"status": status}),
                           {"Content-Type": "application/json"})
        assert connection.getresponse().status == 200

    def close(self):
        self.line.shutdown()
        self.serve.terminate()
        self.serve.wait()
        self.log.close()


class Line(http.server.BaseHTTPRequestHandler):
    """Forwards each request, but hangs up instead of answering for a marked pair."""
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def forward(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        connection = http.client.HTTPConnection("127.0.0.1", self.port)
        connection.request(self.command, self.path, body, dict(self.headers))
        answer = connection.getresponse()
        text = answer.read()
        if self.command == "POST" and answer.status == 200:
            self.paid.append(self.path)
        if b"LOST" in body:
            self.close_connection = True
            return
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in ("connection", "transfer-encoding", "date", "content-length"):
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    do_GET = do_POST = do_DELETE = forward
