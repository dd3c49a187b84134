#!/usr/bin/env python3
"""Plays an operator's day with 70 pairs, from the batch to the evidence, all on this machine.

usage: tests/day/day.py [--keep FOLDER] [BINARY]

`serve` judges the sample photos: 24 pairs are declined, 5 are in review, 2 answers are lost, and 3
photos are unusable. Then: find the declined pairs, export to CSV and read it back with Python and
LibreOffice, validate the JUnit report, settle the reviews, draw the pairs, use the page in Chromium.
Steps that lack Chromium, LibreOffice, xmllint, pdftotext, polars or DuckDB fail if CI is set, and are skipped
otherwise; tests/day/install installs them on Debian. --keep keeps all files in FOLDER.
"""
import collections
import csv
import importlib
import io
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(ROOT / "tests/browser"), str(ROOT / "target/day-readers")]
import chromium  # noqa: E402
import page  # noqa: E402
import spreadsheet  # noqa: E402
from stage import COLUMNS, Stage, manifest  # noqa: E402

BEFORE = {"Approved": 36, "Declined": 24, "In Review": 5, "Failed": 3, "Unknown": 2}
# Lost answers are recovered; three reviews are approved, one is declined, one stays open.
AFTER = {"Approved": 41, "Declined": 25, "In Review": 1, "Failed": 3}
STATUSES = ["Failed", "Unknown", "In Review", "Declined", "Approved"]


class Day:
    def __init__(self, binary, folder):
        self.binary, self.folder, self.stage = binary, folder, Stage(binary, folder)
        self.pairs = manifest(folder)

    def run(self, *arguments, code=0):
        """Runs a command that must exit with `code`; returns its standard output."""
        done = subprocess.run([self.binary, *arguments], cwd=self.folder, env=self.stage.environment(), timeout=300,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
        said = f"{' '.join(map(str, arguments))}: exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        assert done.returncode == code, said
        assert "panicked" not in done.stderr, said
        return done.stdout

    def report(self, *options):
        return self.run("report", "results.jsonl", "--base-dir", ".", *options)

    def batch(self):
        self.run("batch", "pairs.csv", "-o", "results.jsonl", "--retries", "0", code=10)
        assert self.stage.paid() == 67, self.stage.paid()

    def declined(self):
        table = self.report("--only", "declined")
        assert "24 pairs: 24 declined" in table, table
        rows = [line for line in table.splitlines() if " Declined " in line]
        assert len(rows) == 24, table
        assert sum("no face in the reference image" in row for row in rows) == 4, table

    def export(self, counts, soffice):
        text = self.report("--format", "csv", "--excel")
        assert text.startswith("\ufeff") and text == "\ufeff" + self.report("--format", "csv")
        rows = list(csv.DictReader(io.StringIO(text[1:], newline="")))
        assert list(rows[0]) == COLUMNS, list(rows[0])
        assert collections.Counter(row["verdict"] for row in rows) == counts
        pairs = {pair["id"]: pair for pair in self.pairs}
        assert sorted(pairs) == sorted(row["id"] for row in rows)
        for row in rows:
            pair = pairs[row["id"]]
            # Formulas get an apostrophe; all else is unchanged.
            for name in ["id", "vendor_data", "Filiale", "note", "user_image", "ref_image"]:
                want = "'" + pair[name] if pair[name][:1] in ("=", "+", "-", "@") else pair[name]
                assert row[name] == want, (row[name], want)
            has_score = pair["kind"] not in ("faceless", "failed") and row["verdict"] != "Unknown"
            assert bool(row["score"]) == has_score, row
        typed(text[1:], rows)
        if soffice:
            (self.folder / "report.csv").write_bytes(text.encode())
            for extension in ["xlsx", "ods"]:
                sheet = spreadsheet.converted(soffice, self.folder, "report.csv", extension)
                wanted = [COLUMNS, *([row[name] for name in COLUMNS] for row in rows)]
                assert sheet == wanted, [pair for pair in zip(sheet, wanted) if pair[0] != pair[1]][:3]

    def junit(self, counts, xmllint):
        file = self.folder / "report.xml"
        self.report("-o", file.name, "--force")
        text = file.read_text(encoding="utf-8")
        failures = counts["Declined"] + counts["Failed"] + counts.get("Unknown", 0)
        assert text.count("<testcase ") == 70 and text.count("<failure ") == failures, text
        assert text.count("<skipped ") == counts["In Review"], text
        if xmllint:
            found = subprocess.run([xmllint, "--noout", "--schema", ROOT / "tests/junit.xsd", file], stderr=subprocess.PIPE)
            assert found.returncode == 0, found.stderr.decode()

    def summary(self, counts):
        text = self.report("--format", "md")
        assert f"| {' | '.join(str(counts.get(status, 0)) for status in STATUSES)} |" in text, text
        assert len(text) < 20_000

    def settle(self):
        reviews = [pair for pair in self.records().values() if pair["status"] == "In Review"]
        for record, status in zip(reviews, ["Approved", "Approved", "Approved", "Declined"]):
            self.stage.settle(record["request_id"], status)
        paid = self.stage.paid()
        said = self.run("decision", "--journal", "results.jsonl", code=10)
        assert self.stage.paid() == paid, "settling is free of charge"
        assert "Answers found" in said, said
        settled = [record for record in self.records().values() if record.get("settled_from")]
        assert collections.Counter(record["settled_from"] for record in settled) == {"In Review": 4, "unknown": 2}
        # No later command pays again.
        self.run("batch", "pairs.csv", "-o", "results.jsonl", code=10)
        assert self.stage.paid() == paid

    def records(self):
        return {record["id"]: record for record in json.loads(self.report("--format", "json"))}

    def pictures(self):
        self.report("--pictures", "pictures", "--format", "jsonl")
        made = sorted(file.name for file in (self.folder / "pictures").iterdir())
        assert len(made) == 67, made
        # Pairs with unusable photos have none; no id escapes the folder.
        assert not any(name.startswith("failed") for name in made)

    def pages(self, program):
        for name, options in {"report": [], "report-embedded": ["--embed-thumbnails"]}.items():
            self.report("-o", f"{name}.html", "--force", *options)
        if program:
            browser = chromium.Browser(program, self.folder / "profile")
            try:
                page.drive(browser, self.folder)
            finally:
                browser.close()


def typed(text, rows):
    """Readers that infer types by quotes or values read numbers as numbers, and a missing one as missing."""
    unquoted = list(csv.reader(io.StringIO(text, newline=""), quoting=csv.QUOTE_NONNUMERIC))
    numbers = {"score", "threshold", "elapsed_ms"}
    for row in unquoted[1:]:
        for name, cell in zip(COLUMNS, row, strict=True):
            assert isinstance(cell, float) == (name in numbers and cell != ""), (name, cell)
    missing = sum(not row["score"] for row in rows)
    polars, duckdb = library("polars"), library("duckdb")
    if polars:
        frame = polars.read_csv(io.BytesIO(text.encode()))
        assert frame["score"].dtype == polars.Float64 and frame["score"].null_count() == missing, frame["score"]
    if duckdb:
        with tempfile.NamedTemporaryFile("w", suffix=".csv", encoding="utf-8", newline="") as file:
            file.write(text), file.flush()
            found = duckdb.sql(f"select typeof(max(score)), count(*) - count(score) from '{file.name}'").fetchall()
        assert found == [("DOUBLE", missing)], found


def library(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        if os.environ.get("CI"):
            sys.exit(f"{name} not found: run tests/day/install")
        print(f"skipping steps that need {name}; run tests/day/install")


def tool(*names):
    found = next(filter(None, map(shutil.which, names)), None)
    if not found:
        if os.environ.get("CI"):
            sys.exit(f"{names[0]} not found: run tests/day/install")
        print(f"skipping steps that need {names[0]}; run tests/day/install")
    return found


def work(binary, folder):
    tool("pdftotext")
    xmllint, soffice, browser = tool("xmllint"), tool("soffice", "localc"), tool("chromium", "chromium-browser", "google-chrome")
    day = Day(binary, folder)
    steps = [("batch", day.batch), ("find the declined", day.declined),
             ("export", lambda: day.export(BEFORE, soffice)), ("JUnit", lambda: day.junit(BEFORE, xmllint)),
             ("job summary", lambda: day.summary(BEFORE)), ("settle", day.settle),
             ("export again", lambda: day.export(AFTER, soffice)), ("JUnit again", lambda: day.junit(AFTER, xmllint)),
             ("job summary again", lambda: day.summary(AFTER)), ("pictures", day.pictures),
             ("the page", lambda: day.pages(browser))]
    try:
        for name, step in steps:
            step()
            print("ok:", name, flush=True)
    finally:
        day.stage.close()


def main():
    arguments = sys.argv[1:]
    keep = pathlib.Path(arguments.pop(arguments.index("--keep") + 1)) if "--keep" in arguments else None
    binary = pathlib.Path(next((a for a in arguments if a != "--keep"), ROOT / "target/debug/didit-face")).resolve()
    if keep:
        keep.mkdir(parents=True)
        return work(binary, keep.resolve())
    with tempfile.TemporaryDirectory() as folder:
        work(binary, pathlib.Path(folder).resolve())


if __name__ == "__main__":
    main()
