// The checklist on the grading page: one line for each item, the one that is worked on unfolded.
import { all } from "./dom.js";

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {string} [className]
 * @param {string} [text]
 */
const make = (tag, className = "", text = "") => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
};

/**
 * @typedef {object} ItemsOptions
 * @property {HTMLElement} list
 * @property {Desk.GradingDocument} document
 * @property {Desk.Words} words
 * @property {(seconds: number) => string} clock
 * @property {(level: number) => void} rate
 * @property {() => void} unseen
 * @property {(item: Desk.Item, text: string) => void} comment
 * @property {(index: number) => void} evidence shows a moment of the open item
 * @property {(index: number) => void} choose
 */
/** @typedef {{ row: HTMLElement, detail: HTMLElement, mark: HTMLElement }} Row */

export class Items {
  /** @param {ItemsOptions} options */
  constructor(options) {
    this.list = options.list;
    this.document = options.document;
    this.words = options.words;
    this.clock = options.clock;
    this.rate = options.rate;
    this.unseen = options.unseen;
    this.comment = options.comment;
    this.evidence = options.evidence;
    this.choose = options.choose;
    /** @type {Map<string, Row>} */
    this.rows = new Map();
    this.active = 0;
    /** The comment of the open item. @type {HTMLInputElement | null} */
    this.input = null;
    for (const item of this.document.items) this.list.append(this.row(item));
    this.show(Math.max(0, this.document.items.findIndex((item) => !item.grade)));
  }

  get item() {
    return this.document.items[this.active];
  }

  /**
   * What is shown of an item.
   * @param {Desk.Item} item
   * @returns {Row}
   */
  shown(item) {
    const found = this.rows.get(item.id);
    if (!found) throw new Error(`Expected a line for item ${item.id}, got none.`);
    return found;
  }

  /** @param {Desk.Item} item */
  row(item) {
    const row = make("li", "item");
    row.tabIndex = -1;
    row.dataset.item = item.id;
    const line = make("div", "line");
    const title = make("span", "title", item.title);
    if (item.critical) title.append(make("em", "required", this.words.critical));
    const camera = this.cameraBadge(item);
    const mark = make("span", "mark");
    line.append(make("b", "no", `${item.number}`), title, camera, mark);
    line.addEventListener("click", () => this.choose(item.number - 1));
    const detail = make("div", "detail");
    detail.hidden = true;
    row.append(line, detail);
    this.rows.set(item.id, { row, detail, mark });
    this.paint(item);
    return row;
  }

  /** @param {Desk.Item} item */
  cameraBadge(item) {
    if (item.camera && item.camera.verdict !== "to_confirm") return make("span", `badge ${item.camera.verdict}`, item.camera.word);
    if (item.person) return make("span", "badge to_be_confirmed", this.words.only_person);
    return make("span", "badge", this.words.camera_hidden);
  }

  /** @param {Desk.Item} item */
  paint(item) {
    const { row, mark } = this.shown(item);
    const grade = item.grade;
    row.classList.toggle("graded", Boolean(grade));
    mark.className = `mark ${grade ? grade.decision : ""}`;
    mark.textContent = grade ? (grade.level == null ? "–" : `${grade.level}`) : "";
    mark.title = grade ? this.words[`decision_${grade.decision}`] : "";
    if (!row.classList.contains("active")) return;
    for (const button of all(row, "[data-level]", HTMLElement)) {
      button.setAttribute("aria-pressed", String(grade !== null && String(grade.level) === button.dataset.level));
    }
  }

  /** @param {number} index */
  show(index) {
    const before = this.shown(this.item);
    before.row.classList.remove("active");
    before.row.tabIndex = -1;
    before.detail.hidden = true;
    before.detail.replaceChildren();
    this.active = Math.min(Math.max(0, index), this.document.items.length - 1);
    const { row, detail } = this.shown(this.item);
    row.classList.add("active");
    row.tabIndex = 0;
    detail.replaceChildren(...this.detail(this.item));
    detail.hidden = false;
    this.paint(this.item);
    row.scrollIntoView({ block: "nearest" });
  }

  focus() {
    this.shown(this.item).row.focus({ preventScroll: true });
  }

  /** @param {Desk.Item} item */
  detail(item) {
    const parts = [];
    if (item.instruction) parts.push(make("p", "instruction", item.instruction));
    if (item.camera && item.camera.verdict !== "to_confirm") parts.push(this.reason(item.camera));
    return [...parts, this.levels(item), this.comment_(item)];
  }

  /** @param {Desk.Camera} camera */
  reason(camera) {
    const box = make("div", "reason");
    const said = make("p");
    said.append(make("b", "", `${this.words.camera_says}: `), camera.reason);
    box.append(said);
    const list = make("ul", "measures");
    for (const measure of camera.measures) list.append(make("li", measure.inside === false ? "outside" : "", measure.text));
    if (list.childElementCount) box.append(list);
    const moments = make("p", "moments");
    camera.evidence.slice(0, 8).forEach(([start, , , fault], index) => {
      const button = make("button", fault ? "fault" : "", this.clock(start));
      button.type = "button";
      if (fault) button.title = this.words.evidence_fault;
      button.addEventListener("click", () => this.evidence(index));
      moments.append(button);
    });
    if (camera.evidence.length) {
      moments.prepend(make("b", "", `${this.words.evidence} `), make("kbd", "", "e"), " ");
      if (camera.evidence.length > 8) moments.append(make("span", "soft", ` + ${camera.evidence.length - 8}`));
      box.append(moments);
    }
    return box;
  }

  /** @param {Desk.Item} item */
  levels(item) {
    const group = make("div", "levels");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", this.words.rating);
    const preset = item.camera?.level ?? (item.person ? this.document.best : null);
    /**
     * @param {Desk.Level} level
     * @param {string} key
     * @param {string} word
     * @param {() => void} act
     */
    const add = (level, key, word, act) => {
      const button = make("button");
      button.type = "button";
      button.dataset.level = String(level);
      button.append(make("kbd", "", key), ` ${word}`);
      if (level !== null && level === preset) button.append(" ", make("kbd", "enter", "Enter"));
      button.addEventListener("click", act);
      group.append(button);
    };
    for (const { level, word } of this.document.levels) add(level, `${level}`, word, () => this.rate(level));
    add(null, "n", this.words.not_seen, () => this.unseen());
    return group;
  }

  /** @param {Desk.Item} item */
  comment_(item) {
    const input = make("input", "comment");
    input.type = "text";
    input.maxLength = 2000;
    input.value = item.grade?.comment ?? "";
    input.placeholder = `${this.words.comment_hint} (c)`;
    input.setAttribute("aria-label", this.words.comment);
    input.addEventListener("change", () => this.comment(item, input.value.trim()));
    this.input = input;
    return input;
  }
}
