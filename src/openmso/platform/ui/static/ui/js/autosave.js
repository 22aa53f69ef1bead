// A form with `data-autosave` saves itself when typing rests (its `hx-trigger` is `autosave`), and says when it last did.
const REST_MS = 800;
const timers = new WeakMap();

const say = (form, text) => { const place = form.querySelector("[data-saved]"); if (place) place.textContent = text; };

function save(form) {
  clearTimeout(timers.get(form));
  if (form.dataset.dirty !== "true") return;
  say(form, "Saving…");
  form.dispatchEvent(new Event("autosave"));
}

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-autosave]");
  if (!form) return;
  form.dataset.dirty = "true";
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(() => save(form), REST_MS));
});

document.addEventListener("focusout", (event) => {
  const form = event.target.closest?.("form[data-autosave]");
  if (form && !form.contains(event.relatedTarget)) save(form);
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.target.closest?.("form[data-autosave]");
  if (!form) return;
  if (event.detail.successful) form.dataset.dirty = "false";
  const at = new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit" });
  say(form, event.detail.successful ? `Saved ${at}` : "Not saved yet; what you typed is still here");
});

addEventListener("beforeunload", (event) => {
  if (document.querySelector('form[data-autosave][data-dirty="true"]')) event.preventDefault();
});
