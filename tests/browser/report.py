#!/usr/bin/env python3
"""Tests the report in a real browser: it sorts, filters, escapes, logs nothing to the console, is accessible
(axe-core), says so where scripts are blocked, and shows no photo but the one that was judged.

usage: tests/browser/report.py [BINARY]

Without Chromium or axe-core, fails if CI is set and is skipped otherwise. tests/browser/install installs
both on Debian.
"""
import hashlib
import http.server
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading

import chromium

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
AXE = ROOT / "target/axe-core/package/axe.min.js"
# A strict policy, and the one that Jenkins documents as its default for artifacts.
POLICIES = ["default-src 'self'",
            "sandbox allow-same-origin; default-src 'none'; img-src 'self'; style-src 'self'"]
HOSTILE = ["</script><img src=x onerror=alert(1)>", "<b>\"'&amp; ${7*7}", "a\u202egpj.exe\u2028<!--<script>",
           "javascript:alert(1)", "../up & away?#.jpg"]


def record(name, number, status, score, **more):
    code = {"Approved": 0, "Declined": 1, "In Review": 3, None: 7}[status]
    error = None if status else {"kind": "network", "message": f"lost {name}", "hint": None, "http_status": None,
                                 "maybe_billed": True}
    return {"id": name, "user_image": f"photos/{name}", "ref_image": name, "user_sha256": "a" * 64,
            "ref_sha256": "b" * 64, "threshold": 30, "status": status, "score": score, "request_id": f"r-{name}",
            "warnings": [{"risk": "NEW_RISK", "short_description": name}], "exit_code": code, "error": error,
            "attempts": 1, "elapsed_ms": 1, "finished_at": f"2026-01-01T00:{number // 60 % 60:02}:{number % 60:02}.000000Z",
            "response": None, "extra": {"branch": name},
            "options": {"rotate": False, "save": True, "vendor_data": None, "metadata": None, "review_below": None,
                        "judged_by": "test"}, **more}


def report(binary, folder, name, records):
    journal, page = folder / f"{name}.jsonl", folder / f"{name}.html"
    journal.write_text("".join(json.dumps(r, separators=(",", ":"), ensure_ascii=i % 2 == 0) + "\n"
                               for i, r in enumerate(records)))
    subprocess.run([binary, "report", journal, "-o", page], check=True, cwd=folder, stderr=subprocess.DEVNULL)
    return page


def photograph(folder, records):
    """Makes the photos of the records, each with its name as its content."""
    for entry in records:
        for place in ["user", "ref"]:
            name = entry[f"{place}_image"]
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_bytes(name.encode())
            entry[f"{place}_sha256"] = hashlib.sha256(name.encode()).hexdigest()


def column(browser, number):
    return browser.value(f"[...document.querySelectorAll('#lines tr')].map(r => r.cells[{number}].firstChild.textContent)")


def click(browser, name):
    browser.value(f"document.querySelector('th[data-column={name}] button').click()")


def hostile_names(browser, binary, folder):
    records = [record(name, i, ["Approved", "Declined", "In Review", None, "Approved"][i], [90.5, 9, 50, None, 100][i])
               for i, name in enumerate(HOSTILE)]
    # One of the names is in the folder above.
    folder = folder / "hostile"
    photograph(folder, records)
    browser.open(report(binary, folder, "hostile", records))
    shown = column(browser, 0)
    odd = r"a\u{202e}gpj.exe\u{2028}<!--<script>"
    assert shown == [HOSTILE[3], odd, HOSTILE[1], HOSTILE[0], HOSTILE[4]], "problems first, then by score"
    assert browser.value("document.images.length") == 0
    assert browser.value("document.scripts.length") == 2
    links = browser.value("[...document.querySelectorAll('#lines a')].map(a => a.href)")
    assert len(links) == 10 and all(link.startswith("file:///") for link in links), links
    assert any(link.endswith("/up%20%26%20away%3F%23.jpg") for link in links), links
    click(browser, "score")
    assert column(browser, 2) == ["9", "50", "90.5", "100", "–"]
    click(browser, "score")
    assert column(browser, 2) == ["100", "90.5", "50", "9", "–"]
    assert browser.value("document.querySelector('th[data-column=score]').ariaSort") == "descending"
    browser.value("search.value = 'LOST javascript'; search.dispatchEvent(new Event('input'))")
    assert column(browser, 1) == ["Unknown"]
    card = "document.querySelector('.counts button[value=\"4\"]')"
    browser.value(f"search.value = ''; {card}.click()")
    assert column(browser, 2) == ["100", "90.5"], "filtering keeps the order"
    assert browser.value(f"{card}.ariaPressed") == "true"
    browser.value(f"{card}.click()")
    assert len(column(browser, 2)) == 5, "a second click shows all"
    browser.value("search.value = 'no such pair'; search.dispatchEvent(new Event('input'))")
    assert column(browser, 0) == [] and "none" in browser.value("shown.textContent")
    # The policy must block scripts even if a name became markup.
    browser.value("const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s)")
    assert browser.value("window.ran === undefined")
    assert [e for e in browser.complaints() if "Content Security Policy" not in json.dumps(e)] == []


def every_size(browser, binary, folder):
    browser.open(report(binary, folder, "empty", []))
    assert browser.value("shown.textContent") == "Pairs none" and not browser.complaints(), browser.complaints()
    # An Approved below its threshold would be damage.
    records = [record(f"pair-{i}", i, *(("Approved", 30 + i % 71) if i % 3 else ("Declined", i % 30))) for i in range(100_000)]
    browser.open(report(binary, folder, "whole", records[:50_000]))
    assert not (folder / "whole-pairs").exists()
    assert browser.value("lines.rows.length") == 100
    assert "1 to 100 of 50000" in browser.value("shown.textContent")
    click(browser, "id"), click(browser, "id")
    assert column(browser, 0)[0] == "pair-49999", "ids sort by number"
    # Above 50,000 pairs, most are in files beside the page, which it reads as it needs them.
    page = report(binary, folder, "large", records)
    parts = list((folder / "large-pairs").iterdir())
    assert parts and all(file.stat().st_size <= 10_000_000 for file in [page, *parts])
    browser.open(page)
    assert " 100000 in all" in browser.value("shown.textContent")
    browser.value("on.click()")
    assert "101 to 200" in browser.value("shown.textContent")
    browser.value("search.value = 'pair-777'; search.dispatchEvent(new Event('input'))")
    for _ in range(400):
        if "of the first" not in browser.value("shown.textContent"):
            break
        browser.value("new Promise(done => setTimeout(done, 25))", awaitPromise=True)
    assert "1 to 100 of 111 " in browser.value("shown.textContent"), browser.value("shown.textContent")
    browser.value("dispatchEvent(new Event('beforeprint'))")
    assert browser.value("lines.rows.length") == 111, "printing shows every match"
    assert not browser.complaints(), browser.complaints()
    for file in parts:
        file.unlink()
    browser.open(page)
    browser.value("search.value = 'no such pair'; search.dispatchEvent(new Event('input'))")
    for _ in range(400):
        if "keep it beside this page" in browser.value("shown.textContent"):
            break
        browser.value("new Promise(done => setTimeout(done, 25))", awaitPromise=True)
    else:
        raise AssertionError(browser.value("shown.textContent"))


def blocked_scripts(browser, binary, folder):
    """Where the page's script may not run, it says so and lists the problems; its picture keeps its colours."""
    records = [record(f"p{i}", i, ["Approved", "Declined", None][i % 3], [90, 9, None][i % 3]) for i in range(9)]
    page = report(binary, folder, "blocked", records).read_bytes()
    for policy in POLICIES:
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Security-Policy", policy)
                self.send_header("Content-Type", "text/html")
                self.end_headers()
                self.wfile.write(page)

            def log_message(self, *_):
                pass
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        browser.open(f"http://127.0.0.1:{server.server_port}/")
        text = browser.value("document.body.innerText")
        assert "script is not running here, so it lists only the 6 pairs" in text, text
        assert browser.value("document.querySelectorAll('tbody tr').length") == 6
        fills = browser.value("[...document.querySelectorAll('rect')].map(r => getComputedStyle(r).fill)")
        assert len(set(fills)) == 2 and "rgb(0, 0, 0)" not in fills, fills
        browser.picture(folder / f"blocked-{len(policy)}.png")
        server.shutdown()


def judged_photos(browser, binary, folder):
    """A photo is shown only if it is the one that was judged, whichever system wrote the journal."""
    folder = folder / "judged"
    kept = record("kept", 1, "Approved", 90, ref_image="photos\\ref.png")
    photograph(folder, [kept])
    picture = (ROOT / "assets/samples/astronaut.png").read_bytes()
    for name in ["photos/kept", "photos/ref.png", "a.png", "swapped.png"]:
        (folder / name).write_bytes(picture)
    for place in ["user", "ref"]:
        kept[f"{place}_sha256"] = hashlib.sha256(picture).hexdigest()
    (folder / "photos\\ref.png").unlink()
    # `a.png` and `swapped.png` show someone else than was judged.
    other = record("other", 2, "Approved", 90, user_image="C:\\shop\\photos\\a.png", ref_image="swapped.png")
    browser.size(1280, 900)
    browser.open(report(binary, folder, "judged", [kept, other]))
    browser.value("document.querySelectorAll('tr.pair .open').forEach(button => button.click())")
    for _ in range(200):
        if browser.value("[...document.querySelectorAll('.details img')].every(i => i.complete)"):
            break
        browser.value("new Promise(done => setTimeout(done, 25))", awaitPromise=True)
    shown = browser.value("[...document.querySelectorAll('.details img')].map(i => [i.src.split('/judged/')[1], i.naturalWidth > 0])")
    assert shown == [["photos/kept", True], ["photos/ref.png", True]], shown
    said = browser.value("document.querySelectorAll('tr.details')[1].innerText")
    assert "it was missing when" in said and "changed since it was judged" in said, said
    assert not browser.value("document.querySelectorAll('tr.details')[1].querySelectorAll('a').length")
    assert not browser.complaints(), browser.complaints()


def accessible(browser, binary, folder):
    """axe-core finds nothing, in both themes, on a desktop and a phone, with rows open and closed."""
    if not AXE.exists():
        if os.environ.get("CI"):
            sys.exit("axe-core not found: run tests/browser/install")
        print("skipped: axe-core not found; run tests/browser/install")
        return
    kinds = ["Approved", "Declined", "In Review", None]
    records = [record(f"p{i}", i, kinds[i % 4], [90, 9, 50, None][i % 4]) for i in range(12)]
    for entry in records:
        entry["request_id"] = "7cdda24e-311a-46d3-a3bb-e5d9b564ce73"
    page = report(binary, folder, "axe", records)
    for width, is_phone in [(1280, False), (390, True)]:
        for scheme in ["light", "dark"]:
            browser.size(width, 900, scheme, is_phone)
            browser.open(page)
            browser.value(AXE.read_text(encoding="utf-8") + ";0")
            for state in ["closed", "open"]:
                found = browser.value("axe.run().then(found => found.violations.map(v => [v.id, v.nodes.map(n => n.html + ' ' +"
                                      "n.failureSummary)]))", awaitPromise=True)
                assert found == [], (width, scheme, state, json.dumps(found, indent=1)[:3000])
                browser.picture(folder / f"axe-{width}-{scheme}-{state}.png")
                browser.value("document.querySelectorAll('tr.pair .open').forEach(button => button.click())")


def main():
    binary = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "target/debug/didit-face").resolve()
    program = chromium.program()
    if not program:
        print("skipped: Chromium not found; run tests/browser/install")
        return
    # Chromium's children may still write to the profile when it has ended.
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        folder = pathlib.Path(folder)
        browser = chromium.Browser(program, folder / "profile")
        try:
            for test in [hostile_names, judged_photos, blocked_scripts, accessible, every_size]:
                test(browser, binary, folder)
                print("ok:", test.__name__.replace("_", " "))
        finally:
            browser.close()


if __name__ == "__main__":
    main()
