"""Tests the day's report in a real browser: keys, search, photos and boxes, all sizes, both themes, and print."""
import shutil
import subprocess


def drive(browser, folder):
    browser.size(1280, 900)
    browser.open(folder / "report.html")
    read(browser)
    keys(browser)
    photos(browser)
    search(browser)
    looks(browser, folder)
    browser.open(folder / "report-embedded.html")
    embedded(browser)
    assert browser.complaints() == [], browser.complaints()


def wait(browser, expression):
    """Waits until `expression` is true."""
    for _ in range(200):
        if browser.value(expression):
            return
        browser.value("new Promise(done => setTimeout(done, 25))", awaitPromise=True)
    raise AssertionError(expression)


def column(browser, number):
    return browser.value(f"[...document.querySelectorAll('tr.pair')].map(r => r.cells[{number}].innerText.trim())")


def read(browser):
    said = browser.value("document.body.innerText")
    assert "built-in engine 3 at 127.0.0.1" in said, said
    verdicts = column(browser, 1)
    assert verdicts == ["Failed"] * 3 + ["In Review"] + ["Declined"] * 25 + ["Approved"] * 41, "problems first"
    scores = [float(score) for score in column(browser, 2)[29:]]
    assert scores == sorted(scores), "approved pairs with the smallest margin first"


def keys(browser):
    focused = "document.activeElement.closest('tr.pair')?.rowIndex"
    browser.key("/", "/")
    assert browser.value("document.activeElement === search")
    assert browser.value("search.value") == "", "the slash is a shortcut, not text"
    browser.key("Escape")
    browser.key("ArrowDown")
    browser.key("ArrowDown")
    second = browser.value(focused)
    browser.key("ArrowUp")
    assert (browser.value(focused), second) == (1, 2)
    browser.key("Enter", "\r")
    assert browser.value("document.querySelectorAll('tr.details').length") == 1
    said = browser.value("document.querySelector('tr.details').innerText")
    for fact in ["not an image", "Vendor data", "From the manifest", "Filiale", "none; asked: 127.0.0.1", "threshold 30"]:
        assert fact in said, (fact, said)
    browser.key("Enter", "\r")
    assert browser.value("document.querySelectorAll('tr.details').length") == 0


def photos(browser):
    """Both photos are side by side, each with a box on its face, even if sideways."""
    for kind, boxes in {"declined": 2, "turned": 2, "faceless": 1}.items():
        browser.value(f"search.value = '{kind}'; search.dispatchEvent(new Event('input'))")
        browser.value("document.querySelector('tr.pair .open').click()")
        wait(browser, "[...document.querySelectorAll('.details img')].length === 2"
                      "&& [...document.querySelectorAll('.details img')].every(i => i.complete && i.naturalWidth)"
                      "&& [...document.querySelectorAll('.details .photo')].every(f => f.style.height)")
        frames = browser.value("[...document.querySelectorAll('.details .photo')].map(f => { const r = f.getBoundingClientRect();"
                               "return [r.left, r.top, r.width, r.height] })")
        assert frames[0][0] + frames[0][2] <= frames[1][0] and frames[0][1] == frames[1][1], "side by side"
        inside = browser.value("[...document.querySelectorAll('.details .box')].filter(b => { const a = b.getBoundingClientRect(),"
                               "c = b.parentElement.getBoundingClientRect(); return a.width > 20 && a.left >= c.left - 1"
                               "&& a.right <= c.right + 1 && a.top >= c.top - 1 && a.bottom <= c.bottom + 1 }).length")
        assert inside == boxes, (kind, inside)
    browser.value("search.value = ''; search.dispatchEvent(new Event('input'))")


def search(browser):
    """Search finds pairs by vendor data and the manifest's own columns."""
    for words, found in {"ольга": 6, "李雷 faceless": 1, "hyperlink köln": 6, "=HYPERLINK": 6, "no such customer": 0}.items():
        browser.value(f"search.value = '{words}'; search.dispatchEvent(new Event('input'))")
        assert len(column(browser, 0)) == found, (words, column(browser, 0))
    browser.value("search.value = ''; search.dispatchEvent(new Event('input'))")


def looks(browser, folder):
    """Nothing is wider than the window. Saves screenshots for people to look at."""
    for size, (width, height, is_phone) in {"desktop": (1280, 900, False), "tablet": (1000, 800, False), "phone": (390, 844, True)}.items():
        for scheme in ["light", "dark"]:
            browser.size(width, height, scheme, is_phone)
            browser.value("scrollTo(0, 0)")
            assert browser.value("document.documentElement.scrollWidth <= innerWidth"), f"too wide on a {size}"
            assert browser.value("(f => f.scrollWidth <= f.clientWidth)(document.querySelector('.frame'))"), f"cut off on a {size}"
            browser.picture(folder / f"page-{size}-{scheme}.png")
            browser.value("document.querySelectorAll('tr.pair')[5].querySelector('.open').click()")
            wait(browser, "[...document.querySelectorAll('.details .photo')].every(f => f.style.height)")
            browser.value("document.querySelector('tr.details').previousElementSibling.scrollIntoView()")
            assert browser.value("document.documentElement.scrollWidth <= innerWidth"), f"too wide on a {size}, with details open"
            browser.picture(folder / f"page-{size}-{scheme}-open.png")
            browser.value("document.querySelectorAll('tr.pair')[5].querySelector('.open').click()")
    browser.size(1280, 900)
    browser.pdf(folder / "page.pdf")
    if shutil.which("pdftotext"):
        paper(folder / "page.pdf")


def paper(pdf):
    """In print, each page has the headings, problems come first, and no pair is missing."""
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True, stdout=subprocess.PIPE, encoding="utf-8").stdout
    sheets = [sheet for sheet in text.split("\f") if sheet.strip()]
    assert len(sheets) > 3, text
    for sheet in sheets:
        assert all(head in sheet for head in ["Pair", "Verdict", "Score", "Remarks"]), sheet
    assert [sheets[0].count(word) for word in ["failed-", "approved-"]] == [3, 0], sheets[0]
    assert sum(text.count(f"{kind}-0") for kind in ["approved", "lost", "declined", "faceless", "review", "failed", "turned"]) == 70


def embedded(browser):
    """The page itself contains the thumbnails."""
    browser.value("search.value = 'declined'; search.dispatchEvent(new Event('input'))")
    browser.value("document.querySelector('tr.pair .open').click()")
    wait(browser, "[...document.querySelectorAll('.details img')].every(i => i.src.startsWith('data:') && i.naturalWidth > 50)")
