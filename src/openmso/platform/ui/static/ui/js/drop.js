// Files dropped on a drop zone go into its input; their names and sizes are shown, and how far they were sent.
const zone = (event) => event.target.closest?.("[data-drop]");

function size(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${(bytes / 1e6).toFixed(1)} MB`;
}

function named(label) {
  const input = label.querySelector("input[type=file]");
  label.querySelector("[data-drop-names]").textContent = [...input.files].map((file) => `${file.name}, ${size(file.size)}`).join("; ");
}

for (const name of ["dragenter", "dragover"]) {
  document.addEventListener(name, (event) => {
    if (zone(event)) { event.preventDefault(); zone(event).classList.add("over"); }
  });
}
document.addEventListener("dragleave", (event) => zone(event)?.classList.remove("over"));
document.addEventListener("drop", (event) => {
  const label = zone(event);
  if (!label) return;
  event.preventDefault();
  label.classList.remove("over");
  label.querySelector("input[type=file]").files = event.dataTransfer.files;
  label.querySelector("input[type=file]").dispatchEvent(new Event("change", { bubbles: true }));
});
document.addEventListener("change", (event) => { if (event.target.matches?.("[data-drop] input[type=file]")) named(zone(event)); });

// htmx reports how much of a form was sent; after that the server reads it.
document.addEventListener("htmx:xhr:progress", (event) => {
  const shown = event.target.closest?.("[data-upload]")?.querySelector("[data-sending]");
  if (!shown || !event.detail.lengthComputable) return;
  const { loaded, total } = event.detail, bar = shown.querySelector("progress");
  shown.hidden = false;
  if (loaded < total) bar.value = (100 * loaded) / total;
  else bar.removeAttribute("value");
  shown.querySelector("[role=status]").textContent = loaded < total ? `${size(loaded)} of ${size(total)} sent` : "All sent; it is being read";
});
document.addEventListener("htmx:afterRequest", (event) => {
  const shown = event.target.closest?.("[data-upload]")?.querySelector("[data-sending]");
  if (shown && !event.detail.successful) shown.hidden = true;
});
