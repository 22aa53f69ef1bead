// Theme, density and shortcuts change at once; the server remembers them.
import { announce, csrfToken } from "./page.js";

document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-preferences]");
  const button = event.submitter;
  if (!form || !button?.name) return;
  event.preventDefault();
  const root = document.documentElement;
  if (button.name === "single_keys") {
    root.dataset.keys = button.value;
    button.setAttribute("aria-pressed", String(button.value === "on"));
    button.value = button.value === "on" ? "off" : "on";
  } else {
    root.dataset[button.name] = button.value;
    for (const other of form.querySelectorAll(`[name="${button.name}"]`)) other.setAttribute("aria-pressed", String(other === button));
  }
  const body = new FormData(form, button);
  if (button.name === "single_keys") body.set("single_keys", root.dataset.keys);
  fetch(form.action, { method: "POST", body, headers: { "X-CSRFToken": csrfToken(), "X-Requested-With": "fetch" } });
  announce(button.textContent.trim());
});
