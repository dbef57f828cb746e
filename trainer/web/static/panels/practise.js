// Practising: the step, the counts, the time left, the breath; pausing, finishing, and stopping for pain.
import { byId, first, targetOf } from "../dom.js";
import { currentLanguage, say, t } from "../messages.js";
import { CuePanel } from "./cue.js";
import { RateGauge } from "./rate.js";
import { UnseenPanel } from "./unseen.js";

const EVERY_MS = 250; // nobody reads numbers faster, and every change costs the browser a layout
const BREATH_MS = 60;
/** @type {Practice.Side[]} */
const SIDES = ["left", "right"];
/** Words for the `why` of a state. @type {Record<string, string | undefined>} */
const WHY = { person: "paused_person", hidden: "paused_hidden", camera: "paused_camera", connection: "paused_connection", no_pictures: "no_pictures", loading: "loading_models", saving: "saving" };
/** @param {string} id */
const $ = (id) => byId(id, HTMLElement);

export class PractisePanel {
  /** @param {import("../state.js").Page} page */
  constructor(page) {
    this.state = page.state;
    this.connection = page.connection;
    this.stage = page.stage;
    this.marking = page.marking;
    this.voice = page.voice;
    this.cue = new CuePanel(page);
    this.rate = new RateGauge(page);
    this.unseen = new UnseenPanel(page);
    this.stopped = byId("stopped", HTMLDialogElement);
    this.drawnAt = 0;
    this.state.addEventListener("words", () => this.label());
    this.listen();
    setInterval(() => this.state.screen === "practise" && this.breathe(), BREATH_MS);
  }

  listen() {
    const { state, connection, stopped } = this;
    $("pause").addEventListener("click", () => connection.send(state.doing === "paused" ? { type: "resume" } : { type: "pause", why: "person" }));
    $("finish").addEventListener("click", () => connection.send({ type: "stop", reason: "finished" }));
    $("stop").addEventListener("click", () => this.stopForPain());
    $("stopped-ok").addEventListener("click", () => stopped.close());
    document.addEventListener("visibilitychange", () => {
      if (document.hidden && state.doing === "practising") connection.send({ type: "pause", why: "hidden" });
      if (!document.hidden && state.doing === "paused" && state.why === "hidden") connection.send({ type: "resume" });
    });
    document.addEventListener("keydown", (event) => {
      if (state.screen !== "practise" || targetOf(event)?.closest("dialog")) return;
      if (event.key !== "Escape") return;
      event.preventDefault(); // the same key would close the words that now come
      this.stopForPain();
    });
  }

  label() {
    this.draw();
    this.showPause();
  }

  /** @param {Practice.Result} result */
  take(result) {
    if (this.state.screen === "practise" && performance.now() - this.drawnAt > EVERY_MS) this.draw();
    if (result.cue) this.cue.show(result.cue);
    this.unseen.draw();
  }

  draw() {
    const { result, protocol } = this.state;
    if (!result || !protocol) return;
    this.drawnAt = performance.now();
    const step = protocol.steps.find((one) => one.id === result.step);
    $("step").textContent = step ? say(step.title) : t("all_done");
    const marks = JSON.stringify([result.steps_done, result.step, currentLanguage(), protocol.id]);
    if ($("steps").dataset.key !== marks) {
      $("steps").dataset.key = marks;
      this.drawSteps(result);
    }
    const seconds = result.remaining_s ?? result.elapsed_s ?? 0;
    $("remaining").textContent = `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
    $("remaining-label").textContent = t(result.remaining_s == null ? "elapsed" : "remaining");
    $("rounds").textContent = result.rounds == null ? "–" : result.rounds_wanted ? `${result.rounds}/${result.rounds_wanted}` : String(result.rounds);
    for (const side of SIDES) {
      $(`circles-${side}`).textContent = String(Math.floor(result.counts?.[side]?.circles ?? 0));
      $(`passes-${side}`).textContent = String(result.counts?.[side]?.passes ?? 0);
    }
    this.rate.draw(result);
  }

  /** @param {Practice.Result} result */
  drawSteps(result) {
    const steps = this.state.steps.filter((step) => step.observer === "camera");
    $("steps").replaceChildren(...steps.map((one) => {
      const mark = document.createElement("li");
      mark.className = result.steps_done?.includes(one.id) ? "done" : one.id === result.step ? "now" : "";
      mark.title = say(one.title);
      mark.setAttribute("aria-label", say(one.title));
      return mark;
    }));
  }

  breathe() {
    const pace = this.state.protocol?.breaths_per_minute;
    $("breath").hidden = !pace || this.stage.assess;
    if (!pace) return;
    const phase = ((performance.now() / 1000) * pace) / 60 % 1;
    const size = phase < 0.4 ? phase / 0.4 : 1 - (phase - 0.4) / 0.6;
    first($("breath"), "i", HTMLElement).style.transform = `scale(${0.45 + 0.55 * size})`;
    $("breath-word").textContent = t(phase < 0.4 ? "breathe_in" : "breathe_out");
  }

  /** Say nothing and beat no time while nobody practises. */
  rest() {
    this.cue.hide();
    this.unseen.draw();
    this.rate.beat(false);
  }

  showPause() {
    if (this.marking.open) return;
    const { doing, why } = this.state;
    const key = why === null ? undefined : WHY[why];
    $("stage-note").textContent = key ? t(key) : "";
    $("stage-note").hidden = !key;
    $("pause").textContent = t(doing === "paused" ? "resume" : "pause");
  }

  stopForPain() {
    if (!["practising", "paused"].includes(this.state.doing)) return;
    this.voice.hush();
    if (!this.stopped.open) this.stopped.showModal(); // at once: what to do now cannot wait for the session to be written
    this.connection.send({ type: "stop", reason: "pain" });
  }
}
