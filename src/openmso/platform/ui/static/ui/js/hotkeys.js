// Keys that act anywhere: Ctrl-K, and (if single letters are on) ?, /, g and a letter, and the letters of buttons.
import { open } from "./dialogs.js";
import { dialogOpen, isTyping, lettersOn } from "./page.js";

const JUMP_MS = 1_200;
let jumping = -JUMP_MS;

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    document.querySelector('[data-opens="palette"]')?.click();
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (!lettersOn() || isTyping(event.target) || dialogOpen()) return;
  if (act(event)) event.preventDefault();
});

function act(event) {
  if (event.timeStamp - jumping < JUMP_MS) {
    jumping = -JUMP_MS;
    const to = document.querySelector(`[data-go="${CSS.escape(event.key)}"]`);
    if (to) to.click();
    return Boolean(to);
  }
  if (event.key === "g") { jumping = event.timeStamp; return true; }
  if (event.key === "?") { open("keys"); return true; }
  if (event.key === "/") return focusOn('[data-hotkey="/"]');
  return press(event);
}

function focusOn(selector) {
  const field = document.querySelector(selector);
  field?.focus();
  field?.select?.();
  return Boolean(field);
}

/** A letter on a button of the page acts while the focus is in the page's own part, not in the menu or a popover. */
function press(event) {
  const at = document.activeElement;
  if (event.key.length !== 1 || !(at === document.body || at.closest("main, dialog.drawer")) || at.closest("[popover]")) return false;
  const within = at.closest("dialog.drawer") ?? document.querySelector("dialog.drawer[open]") ?? document.getElementById("main");
  const button = within?.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  button?.click();
  return Boolean(button);
}
