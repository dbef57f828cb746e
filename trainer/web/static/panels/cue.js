// What is said to who practises: one thing at a time, seen for a moment and heard.
import { byId } from "../dom.js";
import { say } from "../messages.js";

const SHOWN_MS = 5000;

export class CuePanel {
  /** @param {import("../state.js").Page} page */
  constructor({ stage, voice }) {
    this.stage = stage;
    this.voice = voice;
    this.place = byId("cue", HTMLElement);
    this.timer = 0;
  }

  /** @param {Practice.Cue} cue */
  show(cue) {
    if (this.stage.assess) return;
    const praise = cue.kind === "praise";
    this.place.textContent = say(cue.text);
    this.place.classList.toggle("praise", praise);
    this.place.hidden = false;
    this.stage.target = cue.target_px;
    this.voice.say(say(cue.text), praise);
    clearTimeout(this.timer);
    this.timer = window.setTimeout(() => this.hide(), SHOWN_MS);
  }

  hide() {
    this.place.hidden = true;
    this.stage.target = null;
  }
}
