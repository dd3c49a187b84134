#!/usr/bin/env python3
"""Tests the report in a real browser: it sorts, filters, escapes, and logs nothing to the console.

usage: tests/browser/report.py [BINARY]

Without Chromium, fails if CI is set and is skipped otherwise. tests/browser/install installs it on
Debian.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import chromium

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
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


def column(browser, number):
    return browser.value(f"[...document.querySelectorAll('#lines tr')].map(r => r.cells[{number}].firstChild.textContent)")


def click(browser, name):
    browser.value(f"document.querySelector('th[data-column={name}] button').click()")


def hostile_names(browser, binary, folder):
    records = [record(name, i, ["Approved", "Declined", "In Review", None, "Approved"][i], [90.5, 9, 50, None, 100][i])
               for i, name in enumerate(HOSTILE)]
    browser.open(report(binary, folder, "hostile", records))
    shown = column(browser, 0)
    odd = r"a\u{202e}gpj.exe\u{2028}<!--<script>"
    assert shown == [HOSTILE[3], odd, HOSTILE[1], HOSTILE[0], HOSTILE[4]], "problems first"
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
    browser.value("search.value = ''; verdict.value = '4'; verdict.dispatchEvent(new Event('change'))")
    assert column(browser, 2) == ["100", "90.5"], "filtering keeps the order"
    browser.value("search.value = 'no such pair'; search.dispatchEvent(new Event('input'))")
    assert column(browser, 0) == [] and "none" in browser.value("shown.textContent")
    # The policy must block scripts even if a name became markup.
    browser.value("const s = document.createElement('script'); s.textContent = 'window.ran = 1'; document.body.append(s)")
    assert browser.value("window.ran === undefined")
    assert [e for e in browser.complaints() if "Content Security Policy" not in json.dumps(e)] == []


def every_size(browser, binary, folder):
    browser.open(report(binary, folder, "empty", []))
    assert browser.value("shown.textContent") == "Pairs none" and not browser.complaints(), browser.complaints()
    records = [record(f"pair-{i}", i, "Approved" if i % 3 else "Declined", i % 101) for i in range(100_000)]
    browser.open(report(binary, folder, "large", records))
    assert browser.value("lines.rows.length") == 100
    assert "1 to 100 of 100000" in browser.value("shown.textContent")
    click(browser, "id"), click(browser, "id")
    assert column(browser, 0)[0] == "pair-99999", "ids sort by number"
    browser.value("on.click()")
    assert "101 to 200" in browser.value("shown.textContent")
    browser.value("search.value = 'pair-777'; search.dispatchEvent(new Event('input'))")
    assert "1 to 100 of 111 " in browser.value("shown.textContent"), browser.value("shown.textContent")
    browser.value("dispatchEvent(new Event('beforeprint'))")
    assert browser.value("lines.rows.length") == 111, "printing shows every match"
    assert not browser.complaints(), browser.complaints()


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
            for test in [hostile_names, every_size]:
                test(browser, binary, folder)
                print("ok:", test.__name__.replace("_", " "))
        finally:
            browser.close()


if __name__ == "__main__":
    main()
