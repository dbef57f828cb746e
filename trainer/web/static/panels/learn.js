// Learning: the steps of the protocol one by one, with thumbs that show them.
import { byId, first } from "../dom.js";
import { Lesson } from "../lesson.js";
import { say, t } from "../messages.js";

/** @param {string} id */
const $ = (id) => byId(id, HTMLElement);

export class LearnPanel {
  /** @param {import("../state.js").Page} page */
  constructor({ state }) {
    this.state = state;
    this.index = 0;
    this.lesson = new Lesson(first(document, "[data-lesson=step]", SVGSVGElement));
    $("lesson-next").addEventListener("click", () => (this.index + 1 < state.steps.length ? this.show(this.index + 1) : state.show("setup")));
    $("lesson-back").addEventListener("click", () => (this.index > 0 ? this.show(this.index - 1) : state.show("choose")));
    state.addEventListener("screen", () => (state.screen === "learn" ? this.show(0) : this.lesson.stop()));
    state.addEventListener("doing", () => this.allow());
    state.addEventListener("words", () => state.screen === "learn" && this.show(this.index));
  }

  /** @param {number} index */
  show(index) {
    const { protocol, steps } = this.state;
    if (!protocol) return;
    this.index = Math.min(Math.max(index, 0), steps.length - 1);
    const step = steps[this.index];
    this.allow();
    $("lesson-count").textContent = t("step_of", { n: this.index + 1, all: steps.length });
    $("lesson-title").textContent = say(step.title);
    $("lesson-text").textContent = say(step.instruction);
    $("lesson-who").textContent = t(step.observer === "facilitator" ? "seen_by_facilitator" : "seen_by_camera");
    $("lesson-hint").textContent = step.motion ? t("thumbs_move") : "";
    $("lesson-list").replaceChildren(...steps.map((one, at) => this.row(one, at)));
    this.lesson.show(protocol, step.motion ? step : { motion: { regions: [], thumbs: {}, duration_s: 1 } });
  }

  /** Nothing follows the last step while the set-up cannot work. */
  allow() {
    byId("lesson-next", HTMLButtonElement).disabled = this.state.blind && this.index + 1 >= this.state.steps.length;
  }

  /**
   * @param {Practice.Step} step
   * @param {number} at
   */
  row(step, at) {
    const button = Object.assign(document.createElement("button"), { textContent: say(step.title) });
    if (at === this.index) button.setAttribute("aria-current", "step");
    button.addEventListener("click", () => this.show(at));
    const row = document.createElement("li");
    row.append(button);
    return row;
  }
}
