// What the page knows: what the server said, what was chosen, which screen is shown. Panels listen to its changes.
import { currentLanguage, setLanguage } from "./messages.js";

/** @typedef {"loading" | "choose" | "learn" | "setup" | "practise" | "summary"} Screen */
/**
 * What the panels share.
 * @typedef {object} Page
 * @property {PageState} state
 * @property {import("./connection.js").Connection} connection
 * @property {import("./camera.js").Camera} camera
 * @property {import("./draw.js").Stage} stage
 * @property {import("./marking.js").Marking} marking
 * @property {import("./voice.js").Voice} voice
 */

/** Says "screen" when another screen is to be shown, "doing" when the server does something else, "words" when what is written must be written anew. */
export class PageState extends EventTarget {
  constructor() {
    super();
    /** @type {Practice.Hello | null} */
    this.hello = null;
    /** The protocol that was chosen. @type {Practice.Protocol | null} */
    this.protocol = null;
    /** What the server is doing. @type {Practice.State} */
    this.doing = "setup";
    /** Why it does not go on. @type {string | null} */
    this.why = null;
    /** @type {Screen} */
    this.screen = "loading";
    /** @type {Practice.Result | null} */
    this.result = null;
    /** @type {Practice.Summary | null} */
    this.summary = null;
  }

  /** Whether pictures come from this computer's camera by way of this page. */
  get fromBrowser() {
    return this.hello?.source === "browser";
  }

  /** The steps that are shown one by one. */
  get steps() {
    return this.protocol?.steps.filter((step) => !step.overall) ?? [];
  }

  /** The rate of circling that the protocol asks for, if it asks for one. */
  get wantedRate() {
    return this.protocol?.steps.find((step) => step.check?.rate_hz)?.check?.rate_hz;
  }

  /** Whether the server cannot look at pictures: its models could not be loaded, so far at least. */
  get blind() {
    return this.doing === "setup" && this.why === "failed";
  }

  /** Whether the server looks at pictures, or is about to be told to. */
  get watching() {
    return this.doing !== "setup" || (this.why !== "failed" && this.why !== "loading");
  }

  /** @param {Practice.StateMessage} message */
  take({ state, why }) {
    this.doing = state;
    this.why = why ?? null;
    this.dispatchEvent(new Event("doing"));
  }

  /** @param {Screen} screen */
  show(screen) {
    this.screen = screen;
    this.dispatchEvent(new Event("screen"));
  }

  /**
   * What is chosen where the server has no session yet.
   * @param {Practice.Hello} hello
   * @returns {Practice.Choices}
   */
  usualChoices({ protocols }) {
    return { protocol: protocols[0].id, language: currentLanguage(), mode: "coach", keep_video: false, blur_head: true, confirmed: {} };
  }

  /** @param {Practice.Choices} choices */
  choose(choices) {
    if (!this.hello) return;
    this.hello.session = choices;
    this.protocol = this.hello.protocols.find((one) => one.id === choices.protocol) ?? this.hello.protocols[0];
    this.speak(choices.language ?? currentLanguage());
  }

  /** @param {string} language */
  speak(language) {
    setLanguage(language);
    if (this.protocol) this.dispatchEvent(new Event("words"));
  }
}
