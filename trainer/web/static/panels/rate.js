// How fast the circles are: the gauge, the range that the protocol asks for, and its beat to hear.
import { byId, first } from "../dom.js";
import { number, t } from "../messages.js";

export class RateGauge {
  /** @param {import("../state.js").Page} page */
  constructor({ state, voice }) {
    this.state = state;
    this.voice = voice;
    this.place = byId("rate", HTMLElement);
    this.button = byId("metronome", HTMLElement);
    this.button.addEventListener("click", () => this.beat(this.button.getAttribute("aria-pressed") !== "true"));
  }

  /** @param {Practice.Result} result */
  draw(result) {
    const wanted = this.state.wantedRate;
    this.place.hidden = !wanted;
    if (!wanted) return;
    const most = (wanted.maximum ?? 2) * 1.5;
    const bar = first(this.place, ".ok", HTMLElement);
    const needle = first(this.place, ".needle", HTMLElement);
    bar.style.left = `${(100 * (wanted.minimum ?? 0)) / most}%`;
    bar.style.right = `${100 - (100 * (wanted.maximum ?? most)) / most}%`;
    const rates = [result.strokes?.left, result.strokes?.right]
      .map((stroke) => (stroke?.trial_type === "circular_pressure" ? stroke.rate_hz : null))
      .filter((rate) => rate != null);
    needle.hidden = !rates.length;
    const mean = rates.reduce((sum, rate) => sum + rate, 0) / (rates.length || 1);
    needle.style.left = `${Math.min(100, (100 * mean) / most)}%`;
    const value = rates.length ? t("per_second", { n: number(mean, 1) }) : "–";
    byId("rate-value", HTMLElement).textContent = value;
    first(this.place, ".gauge", Element).setAttribute("aria-label", `${t("rate")}: ${value}`);
  }

  /** @param {boolean} on */
  beat(on) {
    const wanted = this.state.wantedRate;
    this.button.setAttribute("aria-pressed", String(on));
    this.voice.beat(on ? ((wanted?.minimum ?? 0.5) + (wanted?.maximum ?? 1.5)) / 2 : null);
  }
}
