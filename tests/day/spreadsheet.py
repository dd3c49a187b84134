"""Reads a CSV file with LibreOffice: returns each cell's text, and fails if any cell is a formula."""
import re
import subprocess
import xml.etree.ElementTree
import zipfile

SHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"


def converted(soffice, folder, name, extension):
    """Opens `name` with the dialog's defaults (commas, quotes, UTF-8), saves it as `extension`, returns the rows."""
    subprocess.run([soffice, f"-env:UserInstallation={(folder / 'office').as_uri()}", "--headless", "--infilter=CSV:44,34,76,1",
                    "--convert-to", extension,
                    "--outdir", folder / "sheets", folder / name],
                   check=True, timeout=300, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    with zipfile.ZipFile((folder / "sheets" / name).with_suffix(f".{extension}")) as file:
        def part(path):
            return xml.etree.ElementTree.fromstring(file.read(path))
        rows = of_xlsx(part) if extension == "xlsx" else of_ods(part)
    return [row for row in rows if any(row)]


def of_xlsx(part):
    shared = ["".join(text.text or "" for text in item.iter(f"{SHEET}t")) for item in part("xl/sharedStrings.xml")]
    sheet = part("xl/worksheets/sheet1.xml")
    assert sheet.find(f".//{SHEET}f") is None, "a cell is a formula"

    def text(cell):
        value = cell.findtext(f"{SHEET}v") or ""
        return shared[int(value)] if cell.get("t") == "s" else plain(value) if value else ""
    # Empty cells are omitted; a cell's reference, such as AB12, gives its column.
    rows = [{number(cell.get("r")): text(cell) for cell in row.iter(f"{SHEET}c")} for row in sheet.iter(f"{SHEET}row")]
    width = max(max(row) for row in rows) + 1
    return [[row.get(place, "") for place in range(width)] for row in rows]


def number(name):
    """Returns the zero-based column of a cell."""
    place = 0
    for letter in re.match("[A-Z]+", name)[0]:
        place = place * 26 + ord(letter) - 64
    return place - 1


def of_ods(part):
    rows = []
    for row in part("content.xml").iter(f"{TABLE}table-row"):
        cells = []
        for cell in row.iter(f"{TABLE}table-cell"):
            assert cell.get(f"{TABLE}formula") is None, "a cell is a formula"
            number = cell.get(f"{OFFICE}value")
            said = plain(number) if number else "\n".join("".join(p.itertext()) for p in cell.iter(f"{TEXT}p"))
            cells += [said] * int(cell.get(f"{TABLE}number-columns-repeated", 1)) if said or len(cells) < 100 else []
        rows.append(cells)
    width = max((last + 1 for row in rows for last, said in enumerate(row) if said), default=0)
    return [(row + [""] * width)[:width] for row in rows]


def plain(number):
    return f"{float(number):g}" if abs(float(number)) < 1e6 else number
