// A click on the copy button of an id puts it on the clipboard, and says so.
import { announce } from "./page.js";

document.addEventListener("click", async (event) => {
  const button = event.target.closest?.("[data-copy]");
  if (!button) return;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.classList.add("copied");
    announce(`${button.dataset.copy} copied`);
    setTimeout(() => button.classList.remove("copied"), 1_500);
  } catch {
    announce("The browser did not allow copying");
  }
});
