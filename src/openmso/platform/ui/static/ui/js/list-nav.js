// Walking a list by keyboard. Acts only while the focus is in the list: j and k move, Enter opens, x ticks,
// space looks without leaving, a full stop shows what can be done, and the letters of the batch bar do it.
// Where nothing has the focus yet, j and k step into the list; so does an arrow down out of the search above it.
import { dialogOpen, isTyping, lettersOn } from "./page.js";
import { peek } from "./drawer.js";

/** The rows of a list that the cursor walks. */
export const rows = (list) => [...list.querySelectorAll("tbody tr[data-row]")];
const tick = (row) => row.querySelector('input[name="ids"]');

/** The row the cursor is on. */
export const current = (list) => list.querySelector("tbody tr.current");

/** Put the cursor on a row: the focus goes to its link, so that a screen reader says it; without a row it is gone. */
export function moveTo(list, row) {
  if (!row) { list.dispatchEvent(new CustomEvent("cursor-gone", { bubbles: true })); return; }
  current(list)?.classList.remove("current");
  row.classList.add("current");
  const target = row.querySelector("th a, td:not(.check-cell) a") ?? row;
  if (target === row) row.tabIndex = -1;
  target.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
  row.dispatchEvent(new CustomEvent("row-current", { bubbles: true }));
}

function step(list, by) {
  const all = rows(list), at = all.indexOf(current(list));
  moveTo(list, all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(Math.max(at + by, 0), all.length - 1)]);
}

function toggle(row) {
  const box = row && tick(row);
  if (box) box.click();
}

/** Do what a letter of the batch bar says, with what is ticked, or with the row under the cursor. */
function act(list, letter) {
  const button = list.closest("[data-table]")?.querySelector(`[data-act="${CSS.escape(letter)}"]`);
  const row = current(list);
  if (!button || !row) return false;
  if (!list.querySelector('input[name="ids"]:checked')) toggle(row);
  button.click();
  return true;
}

function actions(list) {
  const row = current(list);
  if (!row) return;
  const own = row.querySelector("[popovertarget]");
  if (own) { own.click(); return; }
  if (!list.querySelector('input[name="ids"]:checked')) toggle(row);
  list.closest("[data-table]")?.querySelector("[data-batch] button")?.focus();
}

const KEYS = {
  j: (list) => step(list, 1),
  k: (list) => step(list, -1),
  ArrowDown: (list) => step(list, 1),
  ArrowUp: (list) => step(list, -1),
  Home: (list) => moveTo(list, rows(list)[0]),
  End: (list) => moveTo(list, rows(list).at(-1)),
  x: (list) => toggle(current(list)),
  " ": (list) => peek(current(list)),
  ".": actions,
};

const listOf = ({ target, key }) => target.closest?.("[data-list]") ?? (target === document.body && "jk".includes(key) ? document.querySelector("[data-list][tabindex]") : null);

document.addEventListener("keydown", (event) => {
  if (event.key !== "ArrowDown" || !event.target.matches?.(".query input")) return;
  const list = event.target.closest("[data-table]").querySelector("[data-list]");
  if (list) { moveTo(list, current(list) ?? rows(list)[0]); event.preventDefault(); }
});

document.addEventListener("keydown", (event) => {
  const list = listOf(event);
  if (!list || isTyping(event.target) || dialogOpen() || event.altKey || event.defaultPrevented) return;
  if ((event.ctrlKey || event.metaKey) && event.key === "a") {
    list.querySelector("[data-select-page]")?.click();
    event.preventDefault();
    return;
  }
  if (event.ctrlKey || event.metaKey) return;
  const single = event.key.length === 1;
  if (single && !lettersOn()) return;
  if (event.key === " " && event.target.matches("input, button")) return;
  if (event.key === "Enter") {
    if (event.target.matches("a, button, input")) return;
    const link = current(list)?.dataset.link;
    if (link) location.assign(link);
    return;
  }
  const does = KEYS[event.key];
  if (does) { does(list); event.preventDefault(); event.stopPropagation(); }
  else if (single && act(list, event.key)) { event.preventDefault(); event.stopPropagation(); }
}, true);

// a click anywhere in a row puts the cursor there; a second click on words opens nothing by surprise
document.addEventListener("click", (event) => {
  const row = event.target.closest?.("[data-list] tbody tr[data-row]");
  if (!row || event.target.closest("a, button, input, label")) return;
  moveTo(row.closest("[data-list]"), row);
});

// the act is done: the row leaves and the next one slides in under the same cursor
document.body.addEventListener("row-done", ({ detail }) => {
  const row = document.querySelector(`[data-list] tr[data-row="${CSS.escape(detail.key)}"]`);
  const list = row?.closest("[data-list]");
  if (!list) return;
  const all = rows(list), next = all[all.indexOf(row) + 1] ?? all[all.indexOf(row) - 1];
  const here = row.classList.contains("current");
  row.remove();
  if (here) moveTo(list, next);
  list.dispatchEvent(new Event("selection-changed", { bubbles: true }));
});
