// A table inside a page that is wider than a telephone stands there as cards, as rows of lists do: a line for each cell,
// named by the heading of its column. `css/components/table.css` draws them; a wider screen has the table.
import { onContent } from "./page.js";

const PHONE = matchMedia("(max-width: 720px)");
const TABLES = ".table-wrap:not(.broad) > .table:not(.list, .cards, .fields, .compare)";

function fit(root) {
  if (!PHONE.matches) return;
  for (const table of root.querySelectorAll(TABLES)) {
    if (table.tHead && table.parentElement.scrollWidth > table.parentElement.clientWidth + 1) toCards(table);
  }
}

function toCards(table) {
  const names = [...table.tHead.rows].at(-1).cells;
  const headings = [...names].flatMap((cell) => Array(cell.colSpan).fill(cell.textContent.trim()));
  for (const part of [...table.tBodies, ...(table.tFoot ? [table.tFoot] : [])]) {
    for (const row of part.rows) name(row, headings);
  }
  table.classList.add("cards");
}

// the heading of a row, or its first cell, says what the row is, and needs no name
function name(row, headings) {
  const title = row.querySelector(":scope > th") ?? row.cells[0];
  let at = 0;
  for (const cell of row.cells) {
    if (cell !== title && cell.colSpan === 1) cell.dataset.label ??= headings[at] ?? "";
    at += cell.colSpan;
  }
}

onContent(fit);
PHONE.addEventListener("change", () => fit(document));
// what is folded has no width before it is opened
document.addEventListener("toggle", ({ target }) => { if (target.open) fit(target); }, true);
