"use strict";
// Whatever comes from a journal is set as text, never as markup.
(() => {
  const PAGE = 100, MOST_PRINTED = 5000;
  const NAMES = ["Approved", "Declined", "In Review", "Failed"];
  const CLASSES = ["approved", "declined", "review", "failed"];
  const COLUMNS = ["id", "verdict", "score", "threshold", "user", "reference", "notes", "time"];
  // Characters that could reorder or hide others.
  const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
  const { rows, folder } = JSON.parse(document.getElementById("data").textContent);
  const [ID, VERDICT, SCORE, THRESHOLD, USER, REFERENCE, NOTES, TIME, REQUEST, THUMBNAILS] = rows.length ? rows[0].keys() : [];
  const find = (id) => document.getElementById(id);
  const [search, verdict, lines, shown, back, on] = ["search", "verdict", "lines", "shown", "back", "on"].map(find);
  const heads = [...document.querySelectorAll("th[data-column]")];
  const compare = new Intl.Collator(undefined, { numeric: true }).compare;
  let found = rows, page = 0, sorted = { column: -1, down: false };

  const make = (name, text, kind) => {
    const element = document.createElement(name);
    if (text !== undefined) element.textContent = text;
    if (kind) element.className = kind;
    return element;
  };
  const encode = (path) => path.split("/").map(encodeURIComponent).join("/");
  const address = (path) => {
    if (path.startsWith("/")) return "file://" + encode(path);
    if (/^[A-Za-z]:[\\/]/.test(path)) return "file:///" + encode(path.replaceAll("\\", "/")).replace("%3A", ":");
    return folder + encode(path);
  };
  const photo = (path, thumbnail) => {
    const cell = make("td"), link = make("a");
    if (thumbnail) {
      const image = make("img");
      image.src = "data:image/jpeg;base64," + thumbnail;
      image.alt = "";
      link.append(image);
    }
    link.append(path.replace(HIDDEN, (c) => `\\u{${c.codePointAt(0).toString(16)}}`));
    link.href = address(path);
    link.target = "_blank";
    link.rel = "noopener noreferrer";
    cell.append(link);
    return cell;
  };
  const line = (row) => {
    const tr = make("tr"), id = make("td", row[ID]);
    if (row[REQUEST]) id.append(make("small", row[REQUEST]));
    const [user, reference] = row[THUMBNAILS] || [];
    tr.append(id, make("td", NAMES[row[VERDICT]], "verdict " + CLASSES[row[VERDICT]]),
      make("td", row[SCORE] ?? "–", "number"), make("td", row[THRESHOLD], "number"),
      photo(row[USER], user), photo(row[REFERENCE], reference));
    const notes = make("td");
    row[NOTES].forEach((note) => notes.append(make("div", note)));
    tr.append(notes, make("td", row[TIME].slice(0, 19).replace("T", " "), "time"));
    return tr;
  };
  const draw = (from = page * PAGE, count = PAGE) => {
    lines.replaceChildren(...found.slice(from, from + count).map(line));
    const last = Math.min(from + count, found.length);
    const range = found.length ? `${from + 1} to ${last} of ${found.length}` : "none";
    shown.textContent = `Pairs ${range}` + (found.length < rows.length ? ` (${rows.length} in all)` : "");
    back.disabled = page === 0;
    on.disabled = last >= found.length;
  };
  const sort = () => {
    const { column, down } = sorted, sign = down ? -1 : 1;
    if (column < 0) return;
    const isNumber = column === SCORE || column === THRESHOLD || column === VERDICT;
    const value = (row) => column === NOTES ? row[NOTES].join(" ") : row[column];
    found = [...found].sort((a, b) => {
      const [x, y] = [value(a), value(b)];
      // Pairs without a score stay at the end, whichever way it is sorted.
      if (x === null || y === null) return (x === null) - (y === null);
      return sign * (isNumber ? Number(x) - Number(y) : column === TIME ? (x < y ? -1 : x > y ? 1 : 0) : compare(x, y));
    });
  };
  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = verdict.value;
    found = rows.filter((row) => {
      if (wanted !== "" && row[VERDICT] !== Number(wanted)) return false;
      if (!words.length) return true;
      const text = [row[ID], row[USER], row[REFERENCE], row[REQUEST] || "", ...row[NOTES]].join("\n").toLowerCase();
      return words.every((word) => text.includes(word));
    });
    page = 0;
    sort();
    draw();
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

  heads.forEach((head) => head.querySelector("button").addEventListener("click", () => sortBy(head)));
  find("filters").addEventListener("submit", (event) => event.preventDefault());
  search.addEventListener("input", filter);
  verdict.addEventListener("change", filter);
  back.addEventListener("click", () => { page -= 1; draw(); });
  on.addEventListener("click", () => { page += 1; draw(); });
  addEventListener("beforeprint", () => draw(0, MOST_PRINTED));
  addEventListener("afterprint", () => draw());
  draw();
})();
