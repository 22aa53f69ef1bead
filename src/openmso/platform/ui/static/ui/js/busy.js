// A thin bar at the top while an answer is awaited; the style sheet hides it for the first 150 ms.
let waiting = 0;
const show = () => document.documentElement.classList.toggle("htmx-busy", waiting > 0);

document.addEventListener("htmx:beforeRequest", () => { waiting += 1; show(); });
document.addEventListener("htmx:afterRequest", () => { waiting = Math.max(waiting - 1, 0); show(); });

// A broken connection is said in words; nothing fails silently.
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, () => {
    document.body.dispatchEvent(new CustomEvent("toast", { detail: { text: "The server did not answer. Nothing was changed; try again.", tone: "bad" } }));
  });
}

// A form whose button is pressed twice is sent once; one that answers with a file may be sent again a little later.
const AGAIN_MS = 5_000;
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "true";
  setTimeout(() => { delete form.dataset.sent; }, AGAIN_MS);
});
