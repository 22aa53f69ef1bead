// Dialogs: opened by `data-opens`, closed by Escape, by their buttons, or by a click beside them. `hx-confirm` asks in ours,
// and `data-confirm` does for a form that a browser sends itself because a file answers it.
export function open(id) {
  const dialog = document.getElementById(id);
  if (dialog && !dialog.open) dialog.showModal();
  return dialog;
}

document.addEventListener("click", (event) => {
  const asks = event.target.closest?.("[data-opens]");
  if (asks) open(asks.dataset.opens);
  if (event.target.closest?.("[data-close]")) event.target.closest("dialog")?.close();
  if (event.target.matches?.("dialog:modal:not([data-stays])")) {
    const box = event.target.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) event.target.close();
  }
});

// a dialog that an answer fills opens with it
document.addEventListener("htmx:afterSwap", ({ target }) => {
  if (target.matches("dialog[data-opens-itself]")) open(target.id);
});

// what is blocked explains itself and does nothing
document.addEventListener("click", (event) => {
  if (event.target.closest?.('[aria-disabled="true"]')) { event.preventDefault(); event.stopImmediatePropagation(); }
}, true);

// what the button that asks says, without its drawing and its key; of a form, the button that sends it
function wordsOf(asks) {
  const button = asks.matches("form") ? asks.querySelector('[type="submit"]') : asks;
  return [...(button?.childNodes ?? [])].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.textContent.trim()).join(" ").trim();
}

function ask(question, asks, then) {
  const dialog = open("confirm");
  dialog.querySelector("h2").textContent = question;
  const yes = dialog.querySelector('[data-answer="yes"]');
  yes.firstChild.textContent = asks.dataset.verb || wordsOf(asks) || "Yes";
  yes.focus();
  dialog.onclick = ({ target }) => {
    const answer = target.closest("[data-answer]")?.dataset.answer;
    if (!answer) return;
    dialog.close();
    if (answer === "yes") then();
  };
}

document.addEventListener("htmx:confirm", (event) => {
  if (!event.detail.question) return;
  event.preventDefault();
  ask(event.detail.question, event.detail.elt, () => event.detail.issueRequest(true));
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.confirm) return;
  event.preventDefault();
  event.stopPropagation();
  ask(form.dataset.confirm, form, () => form.submit());
}, true);
