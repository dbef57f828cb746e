// Learning: the steps of the protocol one by one, with thumbs that show them; last, where the camera goes.
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
    $("lesson-next").addEventListener("click", () => (this.index < state.steps.length ? this.show(this.index + 1) : state.show("setup")));
    $("lesson-back").addEventListener("click", () => (this.index > 0 ? this.show(this.index - 1) : state.show("choose")));
    state.addEventListener("screen", () => (state.screen === "learn" ? this.show(0) : this.lesson.stop()));
    state.addEventListener("doing", () => this.allow());
    state.addEventListener("words", () => state.screen === "learn" && this.show(this.index));
  }

  /** @param {number} index */
  show(index) {
    const { protocol, steps } = this.state;
    if (!protocol) return;
    this.index = Math.min(Math.max(index, 0), steps.length);
    const step = steps.at(this.index);
    this.allow();
    scrollTo(0, 0); // on a phone the picture is above
    $("lesson-place").hidden = Boolean(step);
    this.lesson.svg.toggleAttribute("hidden", !step);
    $("lesson-list").replaceChildren(...steps.map((one, at) => this.row(say(one.title), at)), this.row(t("place_title"), steps.length));
    if (!step) {
      this.lesson.stop();
      this.write(t("before_practice"), t("place_title"), t("place_text"), t("place_why"), "");
      return;
    }
    const who = t(step.observer === "facilitator" ? "seen_by_facilitator" : "seen_by_camera");
    this.write(t("step_of", { n: this.index + 1, all: steps.length }), say(step.title), say(step.instruction), who, step.motion ? t("thumbs_move") : "");
    this.lesson.show(protocol, step.motion ? step : { motion: { regions: [], thumbs: {}, duration_s: 1 } });
  }

  /**
   * @param {string} count
   * @param {string} title
   * @param {string} text
   * @param {string} who
   * @param {string} hint
   */
  write(count, title, text, who, hint) {
    $("lesson-count").textContent = count;
    $("lesson-title").textContent = title;
    $("lesson-text").textContent = text;
    $("lesson-who").textContent = who;
    $("lesson-hint").textContent = hint;
  }

  /** Nothing follows the last page while the set-up cannot work. */
  allow() {
    byId("lesson-next", HTMLButtonElement).disabled = this.state.blind && this.index >= this.state.steps.length;
  }

  /**
   * @param {string} title
   * @param {number} at
   */
  row(title, at) {
    const button = Object.assign(document.createElement("button"), { textContent: title });
    if (at === this.index) button.setAttribute("aria-current", "step");
    button.addEventListener("click", () => this.show(at));
    const row = document.createElement("li");
    row.append(button);
    return row;
  }
}
