// The palette: one field, one list; the server says what is found and obeys permissions.
import { open } from "./dialogs.js";

const palette = document.getElementById("palette");
const field = document.getElementById("palette-q");
const list = document.getElementById("palette-list");

const options = () => [...list.querySelectorAll('[role="option"]:not([aria-disabled])')];

function choose(next) {
  for (const option of options()) option.setAttribute("aria-selected", String(option === next));
  if (next) {
    field.setAttribute("aria-activedescendant", next.id);
    next.scrollIntoView({ block: "nearest" });
  } else field.removeAttribute("aria-activedescendant");
}

if (palette) {
  document.addEventListener("click", (event) => {
    if (!event.target.closest?.('[data-opens="palette"]')) return;
    open("palette");
    field.select();
    field.focus();
    field.dispatchEvent(new Event("palette-open"));
  });

  list.addEventListener("htmx:afterSwap", () => choose(options()[0]));

  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const all = options();
    const at = all.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (step) {
      choose(all[(at + step + all.length) % all.length]);
      event.preventDefault();
    } else if (event.key === "Enter") {
      event.preventDefault();
      all[at]?.click();
    } else if (event.key === "Escape") { // the browser would only empty the field
      event.preventDefault();
      palette.close();
    }
  });

  list.addEventListener("pointermove", (event) => {
    const option = event.target.closest('a[role="option"]');
    if (option && option.getAttribute("aria-selected") !== "true") choose(option);
  });
}
