// Ticking rows: how many, their sums to the cent, the whole page, a range by shift, or every row that matches.
const boxes = (view) => [...view.querySelectorAll('input[name="ids"]')];
const view = (element) => element.closest?.("[data-table]");

/** A decimal text as whole cents, so that sums are exact. */
export function cents(text) {
  const [whole, part = ""] = text.replace("-", "").split(".");
  const value = BigInt(whole || "0") * 100n + BigInt(part.padEnd(2, "0").slice(0, 2));
  return text.startsWith("-") ? -value : value;
}

/** Whole cents as `−1,234.50`. */
export function written(value) {
  const size = value < 0n ? -value : value;
  return `${value < 0n ? "−" : ""}${(size / 100n).toLocaleString("en-US")}.${String(size % 100n).padStart(2, "0")}`;
}

function sums(table, ticked) {
  const columns = table.querySelectorAll("[data-sum]");
  const figures = (at) => boxes(table).map((box) => box.closest("tr").querySelectorAll("[data-n]")[at]?.dataset.n ?? "");
  return [...columns].map((_, at) => {
    const total = ticked.reduce((sum, box) => sum + cents(box.closest("tr").querySelectorAll("[data-n]")[at]?.dataset.n ?? "0"), 0n);
    const counts = figures(at).some((text) => text) && !figures(at).some((text) => text.includes("."));
    return counts ? (total / 100n).toLocaleString("en-US") : written(total);
  });
}

function show(table) {
  const batch = table.querySelector("[data-batch]");
  if (!batch) return;
  const all = boxes(table), ticked = all.filter((box) => box.checked);
  const every = batch.elements.every;
  if (ticked.length < all.length) every.value = "";
  batch.hidden = ticked.length === 0;
  batch.querySelector("[data-selected]").textContent = every.value ? batch.querySelector("[data-select-every]").dataset.selectEvery : String(ticked.length);
  batch.querySelector(".sums").hidden = Boolean(every.value);
  sums(table, ticked).forEach((text, at) => { batch.querySelectorAll("[data-sum]")[at].textContent = text; });
  const page = table.querySelector("[data-select-page]");
  if (page) {
    page.checked = ticked.length > 0 && ticked.length === all.length;
    page.indeterminate = ticked.length > 0 && ticked.length < all.length;
  }
  const more = batch.querySelector("[data-select-every]");
  if (more) more.hidden = Boolean(every.value) || ticked.length < all.length;
}

let last = null;

document.addEventListener("click", (event) => {
  const box = event.target.closest?.('input[name="ids"]');
  if (box && event.shiftKey && last?.isConnected && view(last) === view(box)) {
    const all = boxes(view(box)), [from, to] = [all.indexOf(last), all.indexOf(box)].sort((a, b) => a - b);
    for (const between of all.slice(from, to + 1)) between.checked = box.checked;
  }
  if (box) last = box;
  const table = view(event.target);
  if (!table) return;
  if (event.target.closest("[data-select-every]")) {
    table.querySelector("[data-batch]").elements.every.value = "1";
    show(table);
    table.querySelector("[data-list]")?.focus({ preventScroll: true });
  }
  if (event.target.closest("[data-clear-selection]")) {
    for (const one of boxes(table)) one.checked = false;
    show(table);
    table.querySelector("[data-list]")?.focus({ preventScroll: true });
  }
});

document.addEventListener("change", (event) => {
  const table = view(event.target);
  if (!table) return;
  if (event.target.matches("[data-select-page]")) for (const box of boxes(table)) box.checked = event.target.checked;
  if (event.target.matches('[data-select-page], input[name="ids"]')) show(table);
});

document.addEventListener("selection-changed", (event) => { if (view(event.target)) show(view(event.target)); });
