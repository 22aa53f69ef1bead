// What several behaviours need to know about the page.

/** Whether somebody is writing, so that letters are letters. */
export function isTyping(target) {
  return target instanceof Element && target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") !== null;
}

/** Whether single-letter shortcuts are on (they can be switched off in the menu of the person). */
export function lettersOn() {
  return document.documentElement.dataset.keys !== "off";
}

/** Whether a dialog has the page; then keys belong to it. */
export function dialogOpen() {
  return document.querySelector("dialog:modal") !== null;
}

/** Say a sentence to people who hear the screen. */
export function announce(text) {
  const region = document.getElementById("announce");
  if (!region) return;
  region.textContent = "";
  requestAnimationFrame(() => { region.textContent = text; });
}

/** Run some work on the page now and on everything that htmx brings later. */
export function onContent(work) {
  work(document);
  document.addEventListener("htmx:load", (event) => work(event.detail.elt));
}

/** The token that every POST carries. */
export function csrfToken() {
  return JSON.parse(document.body.getAttribute("hx-headers") ?? "{}")["X-CSRFToken"] ?? "";
}
