// A public id, the number of an invoice or of an entry is one word: it never breaks across lines at a hyphen.
import { onContent } from "./page.js";

const ID = /\b(?:[A-Z]{2,4}-[0-9A-Z]{8,13}|[A-Z]{2,8}-\d{4}-\d{2}|\d{4}-\d{5})\b/;

onContent((root) => {
  const texts = document.createTreeWalker(root.body ?? root, NodeFilter.SHOW_TEXT, (text) => ID.test(text.data) ? NodeFilter.FILTER_ACCEPT : NodeFilter.FILTER_SKIP);
  const found = [];
  while (texts.nextNode()) if (breaks(texts.currentNode.parentElement)) found.push(texts.currentNode);
  for (const text of found) hold(text);
});

/** Whether text of an element could break: what is written on one line, or is no text of the page, is left alone. */
function breaks(element) {
  return !element.closest("script, textarea, .nowrap") && getComputedStyle(element).whiteSpace !== "nowrap";
}

function hold(text) {
  const { index, 0: id } = ID.exec(text.data);
  const word = text.splitText(index), rest = word.splitText(id.length);
  const span = document.createElement("span");
  span.className = "nowrap";
  word.replaceWith(span);
  span.append(word);
  if (ID.test(rest.data)) hold(rest);
}
