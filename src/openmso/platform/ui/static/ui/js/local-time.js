// Instants come in UTC; here they become the reader's own time. The title keeps the exact instant.
import { onContent } from "./page.js";

const clock = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", hour12: false });
const month = new Intl.DateTimeFormat("en-US", { month: "short" });
const day = (at) => `${at.getDate()} ${month.format(at)}`;

/** `Today 09:14`, `5 Nov 09:14`, `5 Nov 2025 09:14`. */
export function spoken(at, now) {
  if (at.toDateString() === now.toDateString()) return `Today ${clock.format(at)}`;
  return `${day(at)}${at.getFullYear() === now.getFullYear() ? "" : ` ${at.getFullYear()}`} ${clock.format(at)}`;
}

onContent((root) => {
  const now = new Date();
  for (const time of root.querySelectorAll("time[data-local]")) {
    const at = new Date(time.dateTime);
    if (Number.isNaN(at.valueOf())) continue;
    time.title = time.textContent;
    time.textContent = spoken(at, now);
    delete time.dataset.local;
  }
});
