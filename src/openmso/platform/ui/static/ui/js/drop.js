// What is dropped or chosen is named with its size; a file that the server would not take is told at once, and is not
// sent. How far a form was sent is shown.
const zone = (event) => event.target.closest?.("[data-drop]");
const input = (drop) => drop.querySelector("input[type=file]");

function size(bytes) {
  const [number, unit] = bytes < 999_500 ? [Math.max(bytes, 1) / 1e3, "kB"] : [bytes / 1e6, "MB"];
  return `${number < 10 ? Math.ceil(number * 10) / 10 : Math.round(number)} ${unit}`;
}

/** Why a file cannot be taken, in words; nothing where it can. */
function fault(drop, file) {
  const most = Number(drop.dataset.most), ends = input(drop).accept.split(",").filter(Boolean);
  if (ends.length && !ends.some((end) => file.name.toLowerCase().endsWith(end))) return `${file.name} does not end in ${ends.join(" or ")}. Choose another.`;
  return most && file.size > most ? `${file.name} is larger than ${size(most)}. Choose another.` : "";
}

function told(drop) {
  const files = [...input(drop).files], wrong = files.map((file) => fault(drop, file)).find(Boolean);
  const taken = files.length > 0 && !wrong;
  if (wrong) input(drop).value = "";
  drop.classList.toggle("has", taken);
  drop.classList.toggle("wrong", Boolean(wrong));
  drop.querySelector("[data-drop-names]").textContent = wrong || files.map((file) => `${file.name}, ${size(file.size)}`).join("; ");
  drop.querySelector("[data-drop-clear]").hidden = !taken;
}

for (const name of ["dragenter", "dragover"]) document.addEventListener(name, (event) => zone(event)?.classList.add("over"));
for (const name of ["dragleave", "drop"]) document.addEventListener(name, (event) => zone(event)?.classList.remove("over"));
document.addEventListener("change", (event) => { if (event.target.matches?.("[data-drop] input[type=file]")) told(zone(event)); });
document.addEventListener("click", (event) => {
  if (!event.target.closest?.("[data-drop-clear]")) return;
  const drop = zone(event);
  input(drop).value = "";
  told(drop);
  input(drop).focus();
});

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
