// Files dropped on a drop zone go into its input; their names are shown.
const zone = (event) => event.target.closest?.("[data-drop]");

function named(label) {
  const input = label.querySelector("input[type=file]");
  label.querySelector("[data-drop-names]").textContent = [...input.files].map((file) => file.name).join(", ");
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
