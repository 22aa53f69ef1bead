// Popovers: the opener says whether it is open; arrows walk through a menu; a field or the first item gets the focus.
const opener = (popover) => document.querySelector(`[popovertarget="${CSS.escape(popover.id)}"]`);

document.addEventListener("toggle", (event) => {
  const popover = event.target;
  if (!popover.matches?.("[popover]")) return;
  const open = event.newState === "open";
  opener(popover)?.setAttribute("aria-expanded", String(open));
  if (open) popover.querySelector("input:not([type=hidden], [disabled]), select, [data-menu] a, [data-menu] button, a, button")?.focus({ preventScroll: true });
}, true);

const choices = (menu) => [...menu.querySelectorAll(":is(a, button):not([hidden])")];

// a field above a menu narrows it to what contains the words typed; Enter takes the first, an arrow walks into it
document.addEventListener("input", ({ target }) => {
  if (!target.matches?.("[data-narrows]")) return;
  const words = target.value.toLowerCase().split(/\s+/);
  for (const item of document.getElementById(target.dataset.narrows).children) item.hidden = !words.every((word) => item.textContent.toLowerCase().includes(word));
});
document.addEventListener("keydown", (event) => {
  if (!event.target.matches?.("[data-narrows]") || !["Enter", "ArrowDown"].includes(event.key)) return;
  const first = choices(document.getElementById(event.target.dataset.narrows))[0];
  if (event.key === "Enter") first?.click();
  else first?.focus();
  event.preventDefault();
});

document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.("[data-menu]");
  const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.key];
  if (!menu || !step) return;
  const items = choices(menu);
  const at = items.indexOf(document.activeElement);
  items[Math.min(Math.max(at + step, 0), items.length - 1)]?.focus();
  event.preventDefault();
});

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-menu] a[download], [data-menu] [data-print]")) event.target.closest("[popover]")?.hidePopover();
  if (event.target.closest?.("[data-print]")) print();
});
