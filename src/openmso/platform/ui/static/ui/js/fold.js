// Sections of the menu fold and stay folded; the line of this page is in sight.
const COOKIE = "openmso_folded";
const YEAR_SECONDS = 31_536_000;

document.addEventListener("toggle", (event) => {
  if (!event.target.matches?.(".side details[data-section]")) return;
  const folded = [...document.querySelectorAll(".side details[data-section]:not([open])")].map((one) => one.dataset.section);
  document.cookie = `${COOKIE}=${encodeURIComponent(folded.join("|"))}; path=/; max-age=${YEAR_SECONDS}; samesite=lax`;
}, true);

function show() {
  document.querySelector(".side [aria-current]")?.scrollIntoView({ block: "nearest" });
}

show();
document.addEventListener("htmx:historyRestore", show);
