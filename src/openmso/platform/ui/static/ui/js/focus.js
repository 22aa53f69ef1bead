// After a swap the focus stays where it was, or moves on purpose: to what asks for it, to the list, never to nowhere.
import { onContent } from "./page.js";

let lost = null;

onContent((root) => {
  const asks = root.matches?.("[data-focus-now]") ? root : root.querySelector("[data-focus-now]");
  asks?.focus({ preventScroll: false });
});

document.addEventListener("htmx:beforeSwap", (event) => {
  const active = document.activeElement;
  lost = active && active !== document.body && event.detail.target.contains(active) ? { id: active.id, within: event.detail.target.id } : null;
});

document.addEventListener("htmx:afterSettle", () => {
  if (!lost || (document.activeElement && document.activeElement !== document.body)) { lost = null; return; }
  const again = lost.id && document.getElementById(lost.id);
  const place = lost.within ? document.getElementById(lost.within) : null;
  const to = again || place?.querySelector("[data-list]") || place || document.getElementById("main");
  if (to && !to.matches("a, button, input, select, textarea, [tabindex]")) to.tabIndex = -1;
  to?.focus({ preventScroll: true });
  lost = null;
});
