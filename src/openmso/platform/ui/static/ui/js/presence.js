// A session ends when nobody was there for a while. Whoever types is there, and the server is told; who does not is asked in
// time. Once it has ended the page is covered, and goes on with all that was typed on it when the same person is back.
const dialog = document.getElementById("presence");
const ASKS_MS = 120_000, LOOKS_MS = 5_000, TELLS_MS = 60_000;

if (dialog) {
  const { idle, url, person } = dialog.dataset;
  const tabs = new BroadcastChannel("openmso-presence");
  let seen = Date.now(), over = false;

  const show = (name) => { for (const part of dialog.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== name; };
  const saw = () => { seen = Date.now(); tabs.postMessage(person); };
  tabs.onmessage = ({ data }) => { if (data === person) seen = Date.now(); };

  const token = () => document.cookie.split("; ").find((one) => one.startsWith("csrftoken="))?.slice(10) ?? "";

  /** Tell the server that somebody is there; whether it took it. */
  async function tell() {
    const told = await fetch(url, {
      method: "POST", body: new URLSearchParams({ person }), headers: { "X-CSRFToken": token(), "HX-Request": "true" },
    }).catch(() => ({ ok: false }));
    if (told.status === 409) location.reload();
    if (told.ok) saw();
    return told.ok;
  }

  function ask(when) {
    show(when);
    over = when === "over";
    dialog.toggleAttribute("data-stays", over);
    if (!dialog.open) dialog.showModal();
  }

  function look() {
    const left = idle * 1_000 - (Date.now() - seen);
    if (left <= 0) ask("over");
    else if (left <= ASKS_MS) ask("soon");
    else if (dialog.open && !over) dialog.close();
  }

  // signing in again has changed the token that every form must send
  function renew() {
    for (const kept of document.querySelectorAll("input[name=csrfmiddlewaretoken]")) kept.value = token();
    document.body.setAttribute("hx-headers", JSON.stringify({ "X-CSRFToken": token() }));
  }

  dialog.querySelector("[data-present]").addEventListener("click", async () => {
    if (!(await tell())) { ask("over"); return; }
    renew();
    over = false;
    dialog.close();
  });
  dialog.addEventListener("close", () => { if (over) dialog.showModal(); else if (idle * 1_000 - (Date.now() - seen) <= ASKS_MS) tell(); });
  for (const name of ["input", "keydown", "pointerdown"]) {
    document.addEventListener(name, () => { if (!dialog.open && Date.now() - seen > TELLS_MS) { seen = Date.now(); tell(); } });
  }
  document.addEventListener("htmx:afterRequest", ({ detail }) => { if (detail.successful && !detail.requestConfig.headers["X-Background"]) saw(); });
  document.addEventListener("visibilitychange", look);
  setInterval(look, LOOKS_MS);
  saw();
}
