// Lists by keyboard: j and k walk the rows, Enter opens one, / searches. Without it everything works by mouse and Tab.
import { all, first, targetOf } from "./dom.js";

const rows = all(document, "[data-row]", HTMLElement);
let at = -1;
/** @param {number} step */
function go(step) {
  if (!rows.length) return;
  at = Math.min(Math.max(0, at + step), rows.length - 1);
  first(rows[at], "a", HTMLElement).focus();
}
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || targetOf(event)?.matches("input:not([type=radio]):not([type=checkbox]), select, textarea")) return;
  if (event.key === "j") go(1);
  else if (event.key === "k") go(-1);
  else if (event.key === "/") all(document, "input[type=search]", HTMLElement).at(0)?.focus();
  else return;
  event.preventDefault();
});
// A choice that filters takes effect at once; the button stays for those without a script.
for (const form of all(document, "form[data-filter]", HTMLFormElement)) {
  for (const select of form.querySelectorAll("select")) select.addEventListener("change", () => form.requestSubmit());
}
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
all(document, "[aria-invalid]", HTMLElement).at(0)?.focus();
