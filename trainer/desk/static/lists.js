// Lists by keyboard: j and k walk the rows, Enter opens one, / searches. Without it everything works by mouse and Tab.
const rows = [...document.querySelectorAll("[data-row]")];
let at = -1;
function go(step) {
  if (!rows.length) return;
  at = Math.min(Math.max(0, at + step), rows.length - 1);
  rows[at].querySelector("a").focus();
}
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.matches("input:not([type=radio]):not([type=checkbox]), select, textarea")) return;
  if (event.key === "j") go(1);
  else if (event.key === "k") go(-1);
  else if (event.key === "/") document.querySelector("input[type=search]")?.focus();
  else return;
  event.preventDefault();
});
// A choice that filters takes effect at once; the button stays for those without a script.
for (const form of document.querySelectorAll("form[data-filter]")) {
  for (const select of form.querySelectorAll("select")) select.addEventListener("change", () => form.requestSubmit());
}
for (const button of document.querySelectorAll("[data-print]")) button.addEventListener("click", () => window.print());
document.querySelector("[aria-invalid]")?.focus();
