// A list loads anew where it stands when something was done with its rows; the cursor stays at its place, so that
// the next row has slid in under it.
import { current, moveTo, rows } from "./list-nav.js";

document.body.addEventListener("list-changed", () => {
  for (const table of document.querySelectorAll("[data-table][hx-target]")) reload(table);
  document.body.dispatchEvent(new CustomEvent("counts-changed"));
});

async function reload(table) {
  const list = table.querySelector("[data-list]"), row = list && current(list);
  const place = row && { key: row.dataset.row, at: rows(list).indexOf(row) };
  await htmx.ajax("GET", location.pathname + location.search, { target: table, source: table, swap: "outerHTML" });
  if (place) document.getElementById(table.id)?.addEventListener("htmx:afterSettle", (event) => putBack(event.currentTarget, place), { once: true });
}

function putBack(table, { key, at }) {
  const list = table.querySelector("[data-list]") ?? table, left = rows(list);
  moveTo(list, left.find((row) => row.dataset.row === key) ?? left[Math.min(at, left.length - 1)]);
}
