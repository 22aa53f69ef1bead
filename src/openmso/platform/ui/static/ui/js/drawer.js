// Looking without leaving: the preview of a queue where there is one, a drawer otherwise.
const PAUSE_MS = 120;
const unused = document.getElementById("preview")?.innerHTML ?? "";
let pause = 0;
let wanted = ""; // what the preview is to show; an answer that comes late, of a row left behind, is not shown

/** The pane beside a queue, where the screen has room for it; it takes its room when there is something to show. */
const pane = () => (matchMedia("(min-width: 1081px)").matches ? document.getElementById("preview") : null);

function load(url, target) {
  if (target.id === "preview") wanted = url;
  htmx.ajax("GET", url, { target, swap: "innerHTML" });
}

/** Show what a row leads to, beside the list. */
export function peek(row) {
  const url = row?.dataset.peek;
  if (!url) return;
  if (pane()) load(url, pane());
  else openDrawer(url);
}

/** Open the drawer with a fragment; it is not modal, the list stays in use. */
export function openDrawer(url) {
  const drawer = document.getElementById("drawer");
  if (!drawer) return;
  const from = document.activeElement;
  load(url, drawer);
  if (!drawer.open) {
    if (matchMedia("(max-width: 720px)").matches) drawer.showModal();
    else drawer.show();
    from?.focus({ preventScroll: true });
  }
}

// the preview follows the cursor, once it rests
document.addEventListener("row-current", (event) => {
  const following = pane() || document.querySelector("dialog.drawer[open]");
  clearTimeout(pause);
  if (following) pause = setTimeout(() => peek(event.target), PAUSE_MS);
});

// where no row is left, the preview says again what it is for
document.addEventListener("cursor-gone", () => {
  const preview = document.getElementById("preview");
  if (!preview) return;
  clearTimeout(pause);
  wanted = "";
  preview.innerHTML = unused;
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const isLate = detail.requestConfig.verb === "get" && detail.pathInfo.requestPath !== wanted;
  if (detail.target.id === "preview" && isLate) detail.shouldSwap = false;
});

document.addEventListener("click", (event) => {
  const opens = event.target.closest?.("[data-drawer]");
  if (opens) { event.preventDefault(); openDrawer(opens.dataset.drawer); }
});

document.addEventListener("keydown", (event) => {
  const drawer = document.querySelector("dialog.drawer[open]");
  if (event.key === "Escape" && drawer && !document.querySelector("dialog:modal, :popover-open")) drawer.close();
});
