// Instants come in UTC; here they become the reader's own time. The title keeps the exact instant; paper says the whole
// day, for nobody knows when it will be read.
import { onContent } from "./page.js";

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hour12: false });
const month = new Intl.DateTimeFormat("en-US", { month: "short" });
const paper = matchMedia("print");
const day = (at) => `${at.getDate()} ${month.format(at)}`;

/** `5 Nov 2025 09:14`. */
const whole = (at) => `${day(at)} ${at.getFullYear()} ${clock.format(at)}`;

/** `Today 09:14`, `5 Nov 09:14`, `5 Nov 2025 09:14`. */
export function spoken(at, now) {
  if (at.toDateString() === now.toDateString()) return `Today ${clock.format(at)}`;
  return at.getFullYear() === now.getFullYear() ? `${day(at)} ${clock.format(at)}` : whole(at);
}

onContent((root) => {
  const now = new Date();
  for (const time of root.querySelectorAll('time[data-local=""]')) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.valueOf())) continue;
    time.title = time.textContent;
    time.textContent = spoken(at, now);
    time.dataset.local = "said";
  }
});

paper.addEventListener("change", () => {
  const now = new Date();
  for (const time of document.querySelectorAll('time[data-local="said"]')) {
    const at = new Date(time.dateTime);
    time.textContent = paper.matches ? whole(at) : spoken(at, now);
  }
});
