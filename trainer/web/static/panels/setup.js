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
    this.place = byId("place", HTMLDetailsElement);
    /** Whether a practice begun now could be judged; null before that is known. @type {boolean | null} */
    this.ready = null;
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
    this.ready = null;
    this.drawConfirmations();
    this.drawStart(null);
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

  /**
   * @param {Practice.Tick[]} ticks
   * @param {Practice.Result} result
   */
  take(ticks, result) {
    this.drawTicks(ticks);
    this.drawStart(result);
  }

  /** @param {Practice.Tick[]} ticks */
  drawTicks(ticks) {
    const list = $("ticks");
    // Several points wait for the same thing: it is said once.
    const setup = ticks.filter((tick, index) => ticks.findIndex((one) => one.ok === tick.ok && say(one.text) === say(tick.text)) === index);
    const key = JSON.stringify(setup.map((tick) => [tick.ok, tick.trend, say(tick.text)]));
    if (list.dataset.key === key) return;
    list.dataset.key = key;
    list.replaceChildren(...setup.map((tick) => this.row(tick)));
  }

  /** @param {Practice.Tick} tick */
  row(tick) {
    const row = document.createElement("li");
    const words = document.createElement("span");
    words.textContent = say(tick.text);
    if (tick.trend) words.append(" ", Object.assign(document.createElement("b"), { className: `trend ${tick.trend}`, textContent: t(`trend_${tick.trend}`) }));
    row.append(words);
    row.dataset.ok = String(tick.ok);
    return row;
  }

  /** Start looks ready only when what would be practised could be judged. @param {Practice.Result | null} result */
  drawStart(result) {
    const unseen = result?.unseen ?? null;
    const ready = result ? !unseen : null;
    $("start").classList.toggle("main", ready === true);
    $("start").textContent = t(ready === false ? "start_anyway" : "start");
    const unfound = result?.setup?.find((tick) => tick.code === "back")?.ok === false;
    $("mark").classList.toggle("main", unfound && !this.marking.open);
    $("start-hint").textContent = this.marking.open ? t("mark_hint") : unseen ? say(unseen.text) : t("start_hint");
    $("start-hint").classList.toggle("warned", ready === false && !this.marking.open);
    // The drawing makes room once all is seen, and comes back when it is not; in between a person opens and shuts it.
    if (ready !== null && ready !== this.ready) this.place.open = !ready;
    this.ready = ready ?? this.ready;
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
