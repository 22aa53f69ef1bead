// A list loads anew where it stands when something was done with its rows.
document.body.addEventListener("list-changed", () => {
  for (const table of document.querySelectorAll("[data-table][hx-target]")) {
    htmx.ajax("GET", location.pathname + location.search, { target: table, source: table, swap: "outerHTML" });
  }
  document.body.dispatchEvent(new CustomEvent("counts-changed"));
});
