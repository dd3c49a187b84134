#!/usr/bin/env python3
"""Measures CPU time and peak memory of a report on many pairs in each format, and how fast the page is.

usage: benches/report.py [BINARY] [PAIRS] [BEFORE]

The journal has answers like the service's (1.2 KB per pair). Compares with a peer, a CSV file that
Python's json and csv write from the same journal, and with BEFORE, another build. If Chromium is
installed, opens the page in it, and times the first rows and the first searches.
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests/browser"))
import chromium  # noqa: E402

FORMATS = ["html", "csv", "md", "xml", "json", "jsonl"]
PEER = """
import csv, json, sys
out = csv.writer(sys.stdout, quoting=csv.QUOTE_ALL)
for line in open(sys.argv[1]):
    row = json.loads(line)
    out.writerow([row[name] for name in ["id", "status", "score", "threshold", "request_id", "user_image", "ref_image",
                                         "user_sha256", "ref_sha256", "elapsed_ms", "finished_at"]])
"""


def line(i):
    status, code = [("Declined", 1), ("Approved", 0), ("Approved", 0), ("In Review", 3)][i % 20 % 4 if i % 20 < 4 else 1]
    score = round(i * 37 % 3000 / 100 if status == "Declined" else 30 + i * 37 % 7000 / 100, 2)
    request = f"{i:08x}-46d3-a3bb-e5d9-{i:012x}"
    image = {"entities": [{"age": 27.63, "bbox": [40, 40, 100 + i % 50, 120], "confidence": 0.717775, "gender": "female", "race": None}],
             "best_angle": 0}
    warnings = [] if status == "Approved" else [{
        "risk": "LOW_FACE_MATCH_SIMILARITY", "additional_data": None, "log_type": "warning",
        "short_description": "Low face match similarity", "long_description": "The faces are less alike than the threshold asks for."}]
    body = {"request_id": request, "face_match": {"status": status, "score": score, "user_image": image, "ref_image": image,
            "warnings": warnings}, "vendor_data": f"customer-{i}", "metadata": None, "created_at": "2026-06-12T01:08:19.859116+00:00"}
    return json.dumps({
        "id": f"{i}", "user_image": f"selfies/2026-06/{i:07}.jpg", "ref_image": f"cards/2026-06/{i:07}.jpg", "user_sha256": f"{i:064x}",
        "ref_sha256": f"{i:064x}", "threshold": 30, "status": status, "score": score, "request_id": request, "warnings": warnings,
        "exit_code": code, "error": None, "attempts": 1, "elapsed_ms": 812, "finished_at": "2026-06-12T01:08:20.000000Z",
        "response": body, "extra": {"branch": f"branch {i % 40}"},
        "options": {"rotate": False, "save": True, "vendor_data": f"customer-{i}", "metadata": None, "review_below": None,
                    "judged_by": "https://verification.didit.me/", "one_face": False}}, separators=(",", ":")) + "\n"


def measured(command, output):
    """Returns seconds of CPU time and peak memory in MB."""
    with open(output, "wb") as file:
        process = subprocess.Popen(command, stdout=file, stderr=subprocess.DEVNULL)
        _, code, usage = os.wait4(process.pid, 0)
    assert code == 0, command
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024 / 1e6


def opened(folder):
    browser = chromium.Browser(chromium.program(), folder / "profile")
    try:
        started = time.monotonic()
        browser.open(folder / "report.html")
        assert browser.value("document.querySelectorAll('tr.pair').length") == 100
        ready = time.monotonic() - started
        search = "(() => { const at = performance.now(); search.value = 'customer-777'; search.dispatchEvent(new Event('input')); return performance.now() - at })()"
        first, second = browser.value(search) / 1000, browser.value(search) / 1000
        print(f"page: usable after {ready:.2f} s; first search {first:.2f} s, then {second:.2f} s")
    finally:
        browser.close()


def main():
    binary = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "target/release/didit-face").resolve()
    before = pathlib.Path(sys.argv[3]).resolve() if len(sys.argv) > 3 else None
    pairs = int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        journal = folder / "results.jsonl"
        with open(journal, "w", encoding="utf-8") as file:
            file.writelines(map(line, range(pairs)))
        print(f"{pairs} pairs, journal {journal.stat().st_size / 1e6:.0f} MB")
        peer, megabytes = measured([sys.executable, "-c", PEER, journal], folder / "peer.csv")
        print(f"  peer: {peer:5.2f} s CPU, {megabytes:4.0f} MB peak memory")
        for extension in ["table", *FORMATS]:
            output = folder / f"report.{extension}"
            # A table is printed; the others are files, of which a large page has some beside it.
            options = [] if extension == "table" else ["-o", output]
            for name, program in [("before", before), ("now", binary)]:
                if program:
                    output.unlink(missing_ok=True)
                    seconds, megabytes = measured([program, "report", journal, *options],
                                                  output if extension == "table" else os.devnull)
                    print(f"{extension:>6} {name:>6}: {seconds:5.2f} s CPU, {seconds / peer:.2f} x the peer, "
                          f"{megabytes:4.0f} MB peak memory, {output.stat().st_size / 1e6:5.1f} MB")
        if chromium.program():
            opened(folder)


if __name__ == "__main__":
    main()
