// Choosing: the protocol, coached or assessed, what is kept of the picture.
import { all, byId, first } from "../dom.js";
import { Lesson } from "../lesson.js";
import { say } from "../messages.js";

export class ChoosePanel {
  /** @param {import("../state.js").Page} page */
  constructor({ state, connection, stage }) {
    this.state = state;
    this.connection = connection;
    this.stage = stage;
    this.lesson = new Lesson(first(document, "[data-lesson=whole]", SVGSVGElement));
    this.keepVideo = byId("keep-video", HTMLInputElement);
    this.blurHead = byId("blur-head", HTMLInputElement);
    for (const radio of all(document, "[name=mode]", HTMLInputElement)) {
      radio.addEventListener("change", () => this.configure({ mode: radio.value === "assess" ? "assess" : "coach" }));
    }
    this.keepVideo.addEventListener("change", () => this.configure({ keep_video: this.keepVideo.checked, blur_head: true }));
    this.blurHead.addEventListener("change", () => this.configure({ blur_head: this.blurHead.checked }));
    state.addEventListener("screen", () => this.play());
    state.addEventListener("words", () => this.draw());
  }

  /** @param {Partial<Practice.Choices>} choices */
  configure(choices) {
    this.connection.send({ type: "configure", ...choices });
  }

  /** Show what the server says was chosen. @param {Practice.Choices} choices */
  take(choices) {
    first(document, `[name=mode][value=${choices.mode}]`, HTMLInputElement).checked = true;
    this.keepVideo.checked = choices.keep_video;
    this.blurHead.checked = choices.keep_video ? choices.blur_head : true;
    this.blurHead.disabled = !choices.keep_video;
    this.stage.assess = choices.mode === "assess";
    if (this.state.screen === "choose") this.play();
  }

  play() {
    const { screen, protocol } = this.state;
    if (screen !== "choose") this.lesson.stop();
    else if (protocol) this.lesson.show(protocol, null);
  }

  draw() {
    const { hello, protocol } = this.state;
    if (!hello || !protocol) return;
    byId("protocols", HTMLElement).replaceChildren(...hello.protocols.map((one) => this.option(one, one.id === protocol.id)));
    byId("summary-line", HTMLElement).textContent = say(protocol.schedule ?? protocol.summary);
  }

  /**
   * @param {Practice.Protocol} protocol
   * @param {boolean} checked
   */
  option(protocol, checked) {
    const label = Object.assign(document.createElement("label"), { className: "option" });
    const input = Object.assign(document.createElement("input"), { type: "radio", name: "protocol", value: protocol.id, checked });
    const words = document.createElement("span");
    words.append(Object.assign(document.createElement("b"), { textContent: say(protocol.title) }), Object.assign(document.createElement("small"), { textContent: say(protocol.summary) }));
    label.append(input, words);
    input.addEventListener("change", () => this.configure({ protocol: protocol.id }));
    return label;
  }
}
