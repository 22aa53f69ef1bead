// Toasts: said by the server (`HX-Trigger: toast`), gone after ten seconds, unless they are bad news or have the focus.
import { announce, csrfToken, dialogOpen, isTyping, lettersOn } from "./page.js";

const STAYS_MS = 10_000;
const region = document.getElementById("toasts");
const shape = document.getElementById("toast-shape");

document.body.addEventListener("toast", ({ detail }) => {
  if (!region || !shape) return;
  const toast = shape.content.firstElementChild.cloneNode(true);
  const tone = detail.tone ?? "good";
  toast.querySelector("span").textContent = detail.text;
  toast.setAttribute("role", tone === "bad" ? "alert" : "status");
  toast.toggleAttribute("data-stays", tone === "bad");
  const mark = toast.querySelector(".mark");
  mark.setAttribute("class", `mark ${tone}`);
  const use = mark.firstElementChild;
  use.setAttribute("href", use.getAttribute("href").replace(/#.*/, `#m-${tone}`));
  const undo = toast.querySelector("[data-undo]");
  if (detail.undo) undo.dataset.undo = detail.undo;
  else undo.remove();
  region.append(toast);
  leaveLater(toast);
});

function leaveLater(toast) {
  if (toast.hasAttribute("data-stays")) return;
  let timer = setTimeout(() => toast.remove(), STAYS_MS);
  const hold = () => clearTimeout(timer);
  const release = () => { hold(); timer = setTimeout(() => toast.remove(), STAYS_MS); };
  toast.addEventListener("pointerenter", hold);
  toast.addEventListener("focusin", hold);
  toast.addEventListener("pointerleave", release);
  toast.addEventListener("focusout", release);
}

async function undo(button) {
  const toast = button.closest("[data-toast]");
  button.disabled = true;
  const answer = await fetch(button.dataset.undo, { method: "POST", headers: { "X-CSRFToken": csrfToken(), "HX-Request": "true" } });
  toast.remove();
  announce(answer.ok ? "Undone" : "It could not be undone");
  document.body.dispatchEvent(new CustomEvent("list-changed"));
}

document.addEventListener("click", (event) => {
  const undoing = event.target.closest?.("[data-undo]");
  if (undoing) undo(undoing);
  event.target.closest?.("[data-dismiss]")?.closest("[data-toast]").remove();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "u" || event.ctrlKey || event.metaKey || event.altKey || !lettersOn() || isTyping(event.target) || dialogOpen()) return;
  const latest = [...document.querySelectorAll("#toasts [data-undo]")].at(-1);
  if (latest) { event.preventDefault(); undo(latest); }
});

document.body.addEventListener("announce", ({ detail }) => announce(detail.text));
for (const toast of region?.children ?? []) leaveLater(toast);
