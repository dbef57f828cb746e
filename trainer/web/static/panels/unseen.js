// What the camera does not see while somebody practises: said as long as it is so, in assessments too.
import { byId } from "../dom.js";
import { say } from "../messages.js";

export class UnseenPanel {
  /** @param {import("../state.js").Page} page */
  constructor({ state, voice }) {
    this.state = state;
    this.voice = voice;
    this.place = byId("unseen", HTMLElement);
    /** What was said aloud last. @type {string | null} */
    this.said = null;
    state.addEventListener("screen", () => this.draw());
    state.addEventListener("words", () => this.draw());
  }

  draw() {
    const { doing, screen, result } = this.state;
    // The last answer of the set-up tells of what was never seen, not of now.
    const practised = doing === "practising" && screen === "practise" && !result?.setup;
    const unseen = practised ? result?.unseen ?? null : null;
    const words = unseen ? say(unseen.text) : "";
    if (this.place.textContent !== words) this.place.textContent = words;
    this.place.hidden = !unseen;
    // Who massages looks at the back, not at the screen.
    if (unseen && unseen.code !== this.said) this.voice.say(words);
    this.said = unseen?.code ?? null;
  }
}
