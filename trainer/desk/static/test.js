// Keeps each answer of a knowledge test at once; what could not be kept is tried again until it is.
import { all, byId, first } from "./dom.js";

const form = first(document, "form.test", HTMLFormElement);
const answered = byId("answered", HTMLElement);
const trouble = byId("trouble", HTMLElement);
/** Chosen options, by question. @type {Map<string, string>} */
const waiting = new Map();
let busy = false;

async function send() {
  if (busy || !waiting.size) return;
  busy = true;
  const [[question, option]] = waiting;
  try {
    const answer = await fetch(form.dataset.address ?? "", {
      method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ question, option }),
    });
    if (!answer.ok) throw new Error(`${answer.status}`);
    const told = await answer.json();
    if (waiting.get(question) === option) waiting.delete(question);
    answered.textContent = (answered.dataset.words ?? "").replace("{answered}", told.answered).replace("{total}", told.total);
    trouble.hidden = true;
  } catch {
    trouble.textContent = form.dataset.unsent ?? "";
    trouble.hidden = false;
    setTimeout(send, 1500);
    busy = false;
    return;
  }
  busy = false;
  send();
}

/** @param {HTMLInputElement} chosen */
function keep(chosen) {
  waiting.set(chosen.name.slice(2), chosen.value);
  const question = chosen.closest("fieldset");
  question?.classList.remove("open");
  question?.removeAttribute("aria-invalid");
  send();
}

form.addEventListener("change", ({ target }) => {
  if (target instanceof HTMLInputElement && target.type === "radio") keep(target);
});
// What was chosen before this script was there: a slow network shows the questions first.
for (const chosen of all(form, "input[type=radio]:checked", HTMLInputElement)) if (!chosen.defaultChecked) keep(chosen);
window.addEventListener("beforeunload", (event) => {
  if (waiting.size) event.preventDefault();
});
document.querySelector("fieldset.open")?.scrollIntoView({ block: "center" });
