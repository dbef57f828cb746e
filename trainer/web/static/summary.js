// The result at once: outcome, at most three things to do better, the verdicts, the facilitator's items.
import { byId } from "./dom.js";
import { number, say, t } from "./messages.js";

/** @typedef {(item: string, done: boolean) => void} Confirm */

/**
 * @param {Practice.Summary} message
 * @param {Confirm} confirm
 */
export function showSummary(message, confirm) {
  const { score } = message;
  /** @param {string} id */
  const element = (id) => byId(id, HTMLElement);
  element("summary-protocol").textContent = say(score.protocol_title);
  const outcome = score.passed === null ? "too_little" : score.passed ? "passed" : "not_yet";
  element("outcome").textContent = t(outcome);
  element("outcome-text").textContent = score.percent === null
    ? t("nothing_seen")
    : t("score_line", { points: number(score.points, 0), max: number(score.max_points, 0), percent: number(score.percent, 0), mark: number(score.pass_mark_percent, 0) });
  const messages = Object.fromEntries(score.items.map((item) => [item.id, item.message]));
  const advice = score.advice.map((id) => say(messages[id]));
  const lines = advice.length || score.percent === null ? advice : [t("good_all")];
  element("advice").replaceChildren(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
  byId("report", HTMLAnchorElement).href = message.report;
  element("saved").textContent = t("saved", { session: message.session });
  element("verdicts").replaceChildren(...score.items.map((item) => verdict(item, confirm)));
}

/**
 * @param {Practice.Item} item
 * @param {Confirm} confirm
 */
function verdict(item, confirm) {
  const row = document.createElement("li");
  const kind = item.to_be_confirmed ? "to_be_confirmed" : item.verdict;
  const badge = Object.assign(document.createElement("span"), { className: `badge ${kind}`, textContent: t(kind) });
  const title = Object.assign(document.createElement("span"), { textContent: say(item.title) });
  row.append(badge, title);
  if (item.observer === "facilitator" || item.to_be_confirmed) {
    const buttons = Object.assign(document.createElement("div"), { className: "buttons small" });
    for (const done of [true, false]) {
      const word = done ? "done" : "not_done";
      const button = Object.assign(document.createElement("button"), { textContent: t(word) });
      button.setAttribute("aria-label", `${say(item.title)}: ${t(word)}`);
      const chosen = !item.to_be_confirmed && (item.verdict === "met") === done;
      button.setAttribute("aria-pressed", String(chosen));
      button.addEventListener("click", () => confirm(item.id, done));
      buttons.append(button);
    }
    row.append(buttons);
  }
  return row;
}
