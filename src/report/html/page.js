"use strict";
// Whatever comes from a journal is set as text, never as markup.
(() => {
  const PAGE = 100, MOST_PRINTED = 5000, AROUND = 0.5;
  const NAMES = ["Failed", "Unknown", "In Review", "Declined", "Approved"];
  const CLASSES = ["failed", "unknown", "review", "declined", "approved"];
  const COLUMNS = ["id", "verdict", "score", "threshold", "user", "reference", "vendor", "judge", "time",
    "elapsed", "remarks", "request", "faces", "extra", "hint", "pictures"];
  const [ID, VERDICT, SCORE, THRESHOLD, USER, REFERENCE, VENDOR, JUDGE, TIME, ELAPSED, REMARKS, REQUEST, FACES, EXTRA,
    HINT, PICTURES] = COLUMNS.keys();
  // Why a photo isn't shown, by the number in its place. Another photo in its place could show someone else.
  const UNSHOWN = ["it was missing when this page was made", "it has changed since it was judged",
    "the journal doesn't say which photo was judged", "it is on another drive than this page"];
  const SESSION = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
  // Characters that could reorder or hide others.
  const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
  const [{ extra, judges, folder, pairs, parts }, ...rows] = JSON.parse(document.getElementById("data").textContent);
  const find = (id) => document.getElementById(id);
  const [search, lines, shown, back, on, unprinted] =
    ["search", "lines", "shown", "back", "on", "unprinted"].map(find);
  const cards = [...document.querySelectorAll(".counts button")];
  find("blocked").remove();
  const heads = [...document.querySelectorAll("th[data-column]")];
  const compare = new Intl.Collator(undefined, { numeric: true }).compare;
  // Numbers line up at their points.
  const decimals = (number) => number.includes(".") ? number.length - number.indexOf(".") : 0;
  const most = [SCORE, THRESHOLD].map((column) => rows.reduce((most, row) => Math.max(most, decimals(row[column] || "")), 0));
  const isJudged = (row) => row[VERDICT] > 1;
  // What all pairs share isn't repeated beside each: it stands at the top, or in the open row.
  const isShared = (of, rows) => !parts && new Set(rows.map(of)).size < 2;
  const shared = [["judge", isShared((row) => row[JUDGE], rows.filter(isJudged))],
    ["threshold", isShared((row) => row[THRESHOLD], rows)], ["time", isShared((row) => row[TIME].slice(0, 10), rows)]];
  const hidden = shared.filter(([, is]) => is).map(([column]) => column);
  hidden.forEach((column) => document.body.classList.add("one-" + column));
  let found = rows, page = 0, wanted = "", sorted = { column: -1, down: false };
  // A large report has most of its rows in files beside the page: how many rows and files this search has
  // seen, why there are no more, and which search it is.
  let seen = rows.length, part = 0, failure = "", turnOf = 0;

  const make = (name, text, kind) => {
    const element = document.createElement(name);
    if (text !== undefined && text !== null) element.textContent = text;
    if (kind) element.className = kind;
    return element;
  };
  // Text that may be broken after each separator.
  const broken = (text) => {
    const parts = text.replace(HIDDEN, (c) => `\\u{${c.codePointAt(0).toString(16)}}`).split(/(?<=[/\\_.-])/);
    return parts.flatMap((part, i) => i ? [document.createElement("wbr"), part] : [part]);
  };
  const named = (name, parts, kind) => {
    const element = make(name, null, kind);
    element.append(...parts);
    return element;
  };
  const encode = (path) => path.split("/").map(encodeURIComponent).join("/");
  // Undefined for a photo that isn't the one that was judged.
  const address = (photo) => !Array.isArray(photo) ? folder + encode(photo) : typeof photo[1] === "string" ? photo[1] : undefined;
  const nameOf = (photo) => Array.isArray(photo) ? photo[0] : photo;
  const link = (photo) => {
    if (!address(photo)) return named("span", broken(nameOf(photo)));
    const a = named("a", broken(nameOf(photo)));
    a.href = address(photo);
    a.target = "_blank";
    a.rel = "noopener noreferrer";
    return a;
  };
  const number = (text, column, kind) => {
    const cell = make("td", text ?? "–", "number " + kind);
    const missing = most[column - SCORE] - decimals(text || "");
    // Figure spaces, and one as wide as a point.
    if (missing > 0) cell.append("\u2007".repeat(missing - (decimals(text || "") ? 0 : 1)) + (decimals(text || "") ? "" : "\u2008"));
    return cell;
  };
  const line = (row) => {
    const tr = make("tr", null, "pair"), id = make("td");
    tr.tabIndex = -1;
    tr.pair = row;
    const open = named("button", broken(row[ID]), "open");
    open.type = "button";
    open.tabIndex = -1;
    open.setAttribute("aria-expanded", "false");
    open.addEventListener("click", () => toggle(tr));
    id.append(open);
    if (row[VENDOR]) id.append(named("small", broken(row[VENDOR])));
    const remarks = make("td", null, "remarks");
    (row[REMARKS] || []).forEach((remark) => remarks.append(named("div", broken(remark))));
    const [user, reference] = row[PICTURES] || [];
    tr.append(id, make("td", NAMES[row[VERDICT]], "verdict " + CLASSES[row[VERDICT]]), number(row[SCORE], SCORE, "score"),
      number(row[THRESHOLD], THRESHOLD, "threshold"), photo(row[USER], user), photo(row[REFERENCE], reference), remarks,
      make("td", isJudged(row) ? judges[row[JUDGE]] : "–", "judge"), make("td", row[TIME], "time"));
    return tr;
  };
  // The face itself if it is in the page, else the file's name.
  const photo = (name, embedded) => {
    if (!embedded) return named("td", [link(name)], "file");
    const image = make("img", null, "thumb");
    image.src = "data:image/jpeg;base64," + embedded;
    image.alt = nameOf(name);
    return named("td", [image], "file");
  };

  // The part of a photo around the compared face, with its box: `size` and `bbox` in pixels of the turned photo.
  const region = ([width, height], [left, top, right, bottom]) => {
    const side = Math.max(right - left, bottom - top) * (1 + 2 * AROUND);
    const span = (low, high, all) => {
      const length = Math.min(side, all);
      return [Math.min(Math.max((low + high - length) / 2, 0), all - length), length];
    };
    const [[x, across], [y, down]] = [span(left, right, width), span(top, bottom, height)];
    return { x, y, across, down };
  };
  const TURNS = { 0: () => "", 90: (w, h) => `translate(${h}px, 0) rotate(90deg)`,
    180: (w, h) => `translate(${w}px, ${h}px) rotate(180deg)`, 270: (w) => `translate(0, ${w}px) rotate(270deg)` };
  const place = (frame, image, [, angle, bbox, sent]) => {
    const { naturalWidth: width, naturalHeight: height } = image;
    const size = angle % 180 ? [height, width] : [width, height];
    // What was sent may have been scaled down.
    const scale = sent ? width / sent[0] : 1;
    const box = bbox && bbox.map((side) => side * scale);
    const fits = box && TURNS[angle] && box[0] >= 0 && box[1] >= 0 && box[2] <= size[0] + 1 && box[3] <= size[1] + 1;
    const view = fits ? region(size, box) : { x: 0, y: 0, across: size[0], down: size[1] };
    const zoom = frame.clientWidth / Math.max(view.across, view.down);
    frame.style.height = `${view.down * zoom}px`;
    frame.style.width = `${view.across * zoom}px`;
    image.style.transform = `scale(${zoom}) translate(${-view.x}px, ${-view.y}px) ${TURNS[angle] ? TURNS[angle](width, height) : ""}`;
    if (!fits) return;
    const mark = make("div", null, "box");
    [["left", box[0] - view.x], ["top", box[1] - view.y], ["width", box[2] - box[0]], ["height", box[3] - box[1]]]
      .forEach(([side, value]) => { mark.style[side] = `${value * zoom}px`; });
    frame.append(mark);
  };
  const figure = (title, photo, face, embedded) => {
    const figure = make("figure"), frame = make("div", null, "photo"), image = make("img");
    const caption = named("figcaption", [make("b", title), " ", link(photo)]);
    if (face) caption.append(make("small", face[0] === 1 ? "1 face" : `${face[0] || "no"} faces${face[0] ? ", the largest compared" : ""}`));
    image.alt = title;
    if (!embedded && !address(photo)) {
      frame.append(make("p", `This photo isn't shown: ${UNSHOWN[photo[1]]}.`));
      figure.append(frame, caption);
      return figure;
    }
    if (embedded) {
      image.src = "data:image/jpeg;base64," + embedded;
      frame.classList.add("embedded");
      caption.append(make("small", "as it was judged"));
    } else {
      image.addEventListener("load", () => place(frame, image, face || [0, 0]));
      image.addEventListener("error", () => frame.replaceChildren(make("p", "This photo can't be shown: the file is missing, or in a format that browsers don't support.")));
      image.src = address(photo);
    }
    frame.append(image);
    figure.append(frame, caption);
    return figure;
  };
  const copy = (name, text, shown) => {
    const button = make("button", "Copy", "copy");
    button.type = "button";
    button.setAttribute("aria-label", `Copy ${name.toLowerCase()}`);
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(text);
        button.textContent = "Copied";
      } catch {
        // Not allowed here: select it, for Ctrl-C.
        getSelection().selectAllChildren(shown);
      }
    });
    return button;
  };
  const details = (row) => {
    const tr = make("tr", null, "details"), cell = make("td"), photos = make("div", null, "photos"), facts = make("dl");
    const sheet = make("div", null, "sheet");
    cell.colSpan = heads.length - hidden.length;
    const [user, reference] = row[FACES] || [], [one, other] = row[PICTURES] || [];
    photos.append(figure("User image", row[USER], user, one), figure("Reference image", row[REFERENCE], reference, other));
    const fact = (name, value, isCopied) => {
      if (!value) return;
      const dd = named("dd", [named("span", broken(value))]);
      if (isCopied) dd.append(" ", copy(name, value, dd.firstChild));
      facts.append(make("dt", name), dd);
    };
    const isOpen = NAMES[row[VERDICT]] === "In Review" && SESSION.test(row[REQUEST] || "");
    fact("Verdict", NAMES[row[VERDICT]]);
    fact("Score", row[SCORE] ? `${row[SCORE]} of 100, threshold ${row[THRESHOLD]}` : `none, threshold ${row[THRESHOLD]}`);
    const judge = judges[row[JUDGE]];
    facts.append(make("dt", "Judged by"), make("dd", isJudged(row) ? judge : `none; asked: ${judge}`));
    (row[REMARKS] || []).forEach((remark) => fact("Remark", remark));
    fact("Next", row[HINT]);
    fact("To ask", isOpen && `didit-face decision ${row[REQUEST]} --wait`, true);
    fact("Pair", row[ID], true);
    fact("Vendor data", row[VENDOR], true);
    fact("Request", row[REQUEST], true);
    fact("Time", `${row[TIME]} UTC, after ${(row[ELAPSED] / 1000).toFixed(1)} s`);
    if ((row[EXTRA] || []).some(Boolean)) facts.append(make("dt", "From the manifest", "group"));
    extra.forEach((name, i) => fact(name, (row[EXTRA] || [])[i]));
    sheet.append(photos, facts);
    cell.append(sheet);
    tr.append(cell);
    return tr;
  };
  const toggle = (tr) => {
    const isOpen = tr.nextElementSibling?.classList.contains("details");
    tr.querySelector(".open").setAttribute("aria-expanded", String(!isOpen));
    if (isOpen) tr.nextElementSibling.remove(); else tr.after(details(tr.pair));
    tr.focus({ preventScroll: true });
  };

  const draw = (from = page * PAGE, count = PAGE) => {
    lines.replaceChildren(...found.slice(from, from + count).map(line));
    lines.querySelector("tr")?.setAttribute("tabindex", "0");
    const last = Math.min(from + count, found.length);
    const range = found.length ? `${from + 1} to ${last} of ${found.length}` : "none";
    const all = seen < pairs ? ` (of the first ${seen}; ${pairs} in all)` : found.length < pairs ? ` (${pairs} in all)` : "";
    shown.textContent = `Pairs ${range}${all}${failure}`;
    back.disabled = page === 0;
    on.disabled = last >= found.length;
  };
  const value = (row, column) => column === REMARKS ? (row[REMARKS] || []).join(" ")
    : column === USER || column === REFERENCE ? nameOf(row[column]) : column === JUDGE ? judges[row[column]] : row[column] ?? null;
  const sort = () => {
    const { column, down } = sorted, sign = down ? -1 : 1;
    if (column < 0) return;
    const isNumber = column === SCORE || column === THRESHOLD || column === VERDICT;
    found = [...found].sort((a, b) => {
      const [x, y] = [value(a, column), value(b, column)];
      // Pairs without a score stay at the end, whichever way it is sorted.
      if (x === null || y === null) return (x === null) - (y === null);
      return sign * (isNumber ? Number(x) - Number(y) : column === TIME ? (x < y ? -1 : x > y ? 1 : 0) : compare(x, y));
    });
  };
  // What is searched of a row, made when the first search needs it.
  let texts = null, more = () => {};
  const text = (row) => [row[ID], nameOf(row[USER]), nameOf(row[REFERENCE]), row[VENDOR] || "", row[REQUEST] || "", judges[row[JUDGE]],
    ...(row[REMARKS] || []), ...(row[EXTRA] || [])].join("\n").toLowerCase();
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    if (words.length) texts ??= new Map(rows.map((row) => [row, text(row)]));
    const matches = (row) => (wanted === "" || row[VERDICT] === Number(wanted))
      && words.every((word) => (texts.get(row) ?? text(row)).includes(word));
    found = rows.filter(matches);
    [page, seen, part, failure] = [0, rows.length, 0, ""];
    sort();
    draw();
    follow(matches, words.length ? MOST_PRINTED : PAGE);
  };
  const waiting = new Map();
  window.pairs = (number, rows) => waiting.get(number)(rows);
  const load = (number) => new Promise((done, failed) => {
    const script = make("script"), name = `${encode(parts)}/${number}.js`;
    waiting.set(number, done);
    script.addEventListener("error", () => failed(new Error(`; ${name} can't be read: keep it beside this page`)));
    script.addEventListener("load", () => script.remove());
    script.src = name;
    document.head.append(script);
  });
  // Reads on until enough pairs are found, then whenever the last of them are shown.
  const follow = async (matches, enough) => {
    const turn = ++turnOf;
    more = () => follow(matches, found.length + 1);
    while (seen < pairs && found.length < enough && !failure) {
      let rows = [];
      try { rows = await load(part + 1); } catch (e) { if (turn === turnOf) failure = e.message; }
      if (turn !== turnOf) return;
      [seen, part] = [seen + rows.length, part + 1];
      found = [...found, ...rows.filter(matches)];
      sort();
      draw();
    }
  };
  const sortBy = (head) => {
    const column = COLUMNS.indexOf(head.dataset.column);
    sorted = { column, down: sorted.column === column && !sorted.down };
    heads.forEach((other) => other.removeAttribute("aria-sort"));
    head.setAttribute("aria-sort", sorted.down ? "descending" : "ascending");
    page = 0;
    sort();
    draw();
  };
  const turn = (by) => {
    if (page + by < 0 || (page + by) * PAGE >= found.length) return false;
    page += by;
    draw();
    if ((page + 1) * PAGE >= found.length) more();
    return true;
  };
  const focus = (tr) => { tr.tabIndex = 0; tr.focus(); };
  const move = (by) => {
    const pairs = [...lines.querySelectorAll("tr.pair")];
    const at = pairs.indexOf(document.activeElement?.closest?.("tr.pair"));
    const next = at < 0 ? (by > 0 ? 0 : -1) : at + by;
    if (pairs[next]) focus(pairs[next]);
    else if (at >= 0 && turn(by)) focus([...lines.querySelectorAll("tr.pair")].at(by > 0 ? 0 : -1));
  };
  const KEYS = {
    "/": () => { search.focus(); search.select(); },
    ArrowDown: () => move(1), ArrowUp: () => move(-1),
    ArrowRight: () => turn(1), ArrowLeft: () => turn(-1),
    Enter: () => { const tr = document.activeElement?.closest?.("tr.pair"); if (tr) toggle(tr); },
  };

  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const target = event.target, writes = target === search;
    if (writes && event.key !== "ArrowDown" && event.key !== "Escape") return;
    if (writes && event.key === "Escape") { search.blur(); return; }
    if (event.key === "Enter" && (target.tagName === "A" || target.tagName === "BUTTON")) return;
    if (!KEYS[event.key]) return;
    event.preventDefault();
    KEYS[event.key]();
  });
  heads.forEach((head) => head.querySelector("button").addEventListener("click", () => sortBy(head)));
  find("filters").addEventListener("submit", (event) => event.preventDefault());
  search.addEventListener("input", filter);
  cards.forEach((card) => card.addEventListener("click", () => {
    // A second click on a card shows all again.
    wanted = card.value === wanted ? "" : card.value;
    cards.forEach((other) => other.setAttribute("aria-pressed", String(other.value === wanted)));
    filter();
  }));
  back.addEventListener("click", () => turn(-1));
  on.addEventListener("click", () => turn(1));
  addEventListener("beforeprint", () => {
    draw(0, MOST_PRINTED);
    unprinted.hidden = found.length <= MOST_PRINTED;
    unprinted.textContent = `The first ${MOST_PRINTED} of ${found.length} pairs are printed; search or choose a count to print others.`;
  });
  addEventListener("afterprint", () => { unprinted.hidden = true; draw(); });
  filter();
})();
