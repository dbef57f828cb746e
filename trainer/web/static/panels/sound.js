// Sound on or off.
import { byId } from "../dom.js";
import { t } from "../messages.js";

export class SoundButton {
  /** @param {import("../state.js").Page} page */
  constructor({ state, voice }) {
    this.voice = voice;
    this.button = byId("sound", HTMLElement);
    this.button.addEventListener("click", () => this.turn());
    state.addEventListener("words", () => this.label());
  }

  turn() {
    this.voice.on = !this.voice.on;
    if (!this.voice.on) this.voice.hush();
    this.button.setAttribute("aria-pressed", String(this.voice.on));
    this.label();
  }

  label() {
    this.button.textContent = t(this.voice.on ? "sound_on" : "sound_off");
  }
}
