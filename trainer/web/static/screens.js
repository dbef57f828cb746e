// Which screen is seen, where that is, and what is said above all of them.
import { all, byId } from "./dom.js";
import { say, t } from "./messages.js";

/** What is said above all screens; asked again when the language changes. @type {(() => string) | null} */
let said = null;

/** @param {(() => string) | null} words */
export function notice(words) {
  said = words;
  const place = byId("notice", HTMLElement);
  place.textContent = words?.() ?? "";
  place.hidden = !words;
}

export class Screens {
  /** @param {import("./state.js").PageState} state */
  constructor(state) {
    this.state = state;
    state.addEventListener("screen", () => this.show());
    state.addEventListener("words", () => {
      this.label();
      notice(said);
    });
    state.addEventListener("doing", () => this.allow());
    for (const button of all(document, "[data-go]", HTMLElement)) {
      button.addEventListener("click", () => state.show(/** @type {import("./state.js").Screen} */ (button.dataset.go)));
    }
  }

  show() {
    const { screen } = this.state;
    document.body.dataset.screen = screen;
    const section = ["setup", "practise"].includes(screen) ? "live" : screen;
    for (const one of all(document, "main > section", HTMLElement)) one.hidden = one.id !== section;
    byId("setup-panel", HTMLElement).hidden = screen !== "setup";
    byId("practice-panel", HTMLElement).hidden = screen !== "practise";
    scrollTo(0, 0);
    this.label();
  }

  /** Switch off what cannot work yet. */
  allow() {
    for (const button of all(document, "[data-needs=watching]", HTMLButtonElement)) button.disabled = !this.state.watching;
    for (const button of all(document, "[data-go=setup]", HTMLButtonElement)) button.disabled = this.state.blind;
  }

  label() {
    const { screen, protocol } = this.state;
    byId("where", HTMLElement).textContent = ["choose", "loading"].includes(screen) ? "" : `${protocol ? say(protocol.title) : ""} · ${t(screen)}`;
  }
}
