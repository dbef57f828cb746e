// Setting up: what is in order, the back marked by hand, what the facilitator confirms, the countdown.
import { byId } from "../dom.js";
import { currentLanguage, say, t } from "../messages.js";

const COUNT_DOWN = 5;
/** @param {string} id */
const $ = (id) => byId(id, HTMLElement);

export class SetupPanel {
  /** @param {import("../state.js").Page} page */
  constructor({ state, connection, stage, marking, voice }) {
    this.state = state;
    this.connection = connection;
    this.stage = stage;
    this.marking = marking;
    this.voice = voice;
    /** The timer of the countdown. @type {number | null} */
    this.counting = null;
    state.addEventListener("screen", () => this.enter());
    state.addEventListener("words", () => this.label());
    $("mark").addEventListener("click", () => (marking.open ? this.closeMarking() : this.openMarking()));
    $("find").addEventListener("click", () => connection.send({ type: "find_back" }));
    $("start").addEventListener("click", () => this.countDown());
    addEventListener("resize", () => marking.open && marking.place());
  }

  enter() {
    if (this.state.screen !== "setup") {
      this.closeMarking();
      return;
    }
    this.voice.wake();
    this.drawConfirmations();
  }

  label() {
    this.drawConfirmations();
    if (this.marking.open) this.marking.show(this.stage.result?.back, currentLanguage());
    $("mark").textContent = t(this.marking.open ? "mark_done" : "mark_back");
  }

  drawConfirmations() {
    const { hello, protocol } = this.state;
    if (!hello || !protocol) return;
    const confirmed = hello.session?.confirmed;
    const items = protocol.steps.filter((step) => step.observer !== "camera");
    $("confirmations").replaceChildren(...items.map((step) => {
      const label = Object.assign(document.createElement("label"), { className: "check" });
      const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: confirmed?.[step.id] === true });
      box.addEventListener("change", () => this.connection.send({ type: "confirm", item: step.id, done: box.checked ? true : null }));
      label.append(box, Object.assign(document.createElement("span"), { textContent: say(step.title) }));
      return label;
    }));
  }

  /** @param {Practice.Tick[]} ticks */
  drawTicks(ticks) {
    const list = $("ticks");
    // Several points wait for the same thing: it is said once.
    const setup = ticks.filter((tick, index) => ticks.findIndex((one) => one.ok === tick.ok && say(one.text) === say(tick.text)) === index);
    const key = JSON.stringify(setup.map((tick) => [tick.ok, say(tick.text)]));
    if (list.dataset.key !== key) {
      list.dataset.key = key;
      list.replaceChildren(...setup.map((tick) => {
        const row = Object.assign(document.createElement("li"), { textContent: say(tick.text) });
        row.dataset.ok = String(tick.ok);
        return row;
      }));
    }
    const found = setup.find((tick) => tick.code === "back")?.ok === true;
    $("start-hint").textContent = t(this.marking.open ? "mark_hint" : found ? "start_hint" : "start_weak");
  }

  openMarking() {
    this.marking.show(this.stage.result?.back, currentLanguage());
    $("mark").setAttribute("aria-pressed", "true");
    $("mark").textContent = t("mark_done");
    $("stage-note").hidden = true;
  }

  closeMarking() {
    this.marking.hide();
    $("mark").setAttribute("aria-pressed", "false");
    $("mark").textContent = t("mark_back");
    if (!this.state.why && this.counting === null) $("stage-note").hidden = true;
  }

  countDown() {
    if (this.counting !== null) return;
    this.voice.wake();
    this.closeMarking();
    let left = COUNT_DOWN;
    const tick = () => {
      $("count-down").hidden = false;
      $("count-down").textContent = left > 0 ? String(left) : t("go");
      this.voice.tone(left > 0 ? 660 : 990, 0.15);
      if (left === 0) {
        this.connection.send({ type: "start" });
        this.counting = window.setTimeout(() => {
          $("count-down").hidden = true;
          this.counting = null;
        }, 700);
        return;
      }
      left -= 1;
      this.counting = window.setTimeout(tick, 1000);
    };
    this.counting = 0;
    tick();
  }
}
