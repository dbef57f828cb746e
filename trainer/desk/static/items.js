// The checklist on the grading page: one line for each item, the one that is worked on unfolded.
const make = (tag, className = "", text = "") => {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
};

export class Items {
  /** @param options {list, document, words, rate, unseen, comment, evidence, choose} */
  constructor(options) {
    Object.assign(this, options);
    this.rows = new Map();
    this.active = 0;
    for (const item of this.document.items) this.list.append(this.row(item));
    this.show(Math.max(0, this.document.items.findIndex((item) => !item.grade)));
  }

  get item() {
    return this.document.items[this.active];
  }

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

  cameraBadge(item) {
    if (item.camera && item.camera.verdict !== "to_confirm") return make("span", `badge ${item.camera.verdict}`, item.camera.word);
    if (item.person) return make("span", "badge to_be_confirmed", this.words.only_person);
    return make("span", "badge", this.words.camera_hidden);
  }

  paint(item) {
    const { row, mark } = this.rows.get(item.id);
    const grade = item.grade;
    row.classList.toggle("graded", Boolean(grade));
    mark.className = `mark ${grade ? grade.decision : ""}`;
    mark.textContent = grade ? (grade.level == null ? "–" : `${grade.level}`) : "";
    mark.title = grade ? this.words[`decision_${grade.decision}`] : "";
    if (!row.classList.contains("active")) return;
    for (const button of row.querySelectorAll("[data-level]")) {
      button.setAttribute("aria-pressed", String(Boolean(grade) && String(grade.level) === button.dataset.level));
    }
  }

  show(index) {
    const before = this.rows.get(this.item.id);
    before.row.classList.remove("active");
    before.row.tabIndex = -1;
    before.detail.hidden = true;
    before.detail.replaceChildren();
    this.active = Math.min(Math.max(0, index), this.document.items.length - 1);
    const { row, detail } = this.rows.get(this.item.id);
    row.classList.add("active");
    row.tabIndex = 0;
    detail.replaceChildren(...this.detail(this.item));
    detail.hidden = false;
    this.paint(this.item);
    row.scrollIntoView({ block: "nearest" });
  }

  focus() {
    this.rows.get(this.item.id).row.focus({ preventScroll: true });
  }

  detail(item) {
    const parts = [];
    if (item.instruction) parts.push(make("p", "instruction", item.instruction));
    if (item.camera && item.camera.verdict !== "to_confirm") parts.push(this.reason(item));
    parts.push(this.levels(item), this.comment_(item));
    return parts;
  }

  reason(item) {
    const box = make("div", "reason");
    const said = make("p");
    said.append(make("b", "", `${this.words.camera_says}: `), item.camera.reason);
    box.append(said);
    const list = make("ul", "measures");
    for (const measure of item.camera.measures) list.append(make("li", measure.inside === false ? "outside" : "", measure.text));
    if (list.childElementCount) box.append(list);
    const moments = make("p", "moments");
    item.camera.evidence.slice(0, 8).forEach(([start, , , fault], index) => {
      const button = make("button", fault ? "fault" : "", this.clock(start));
      button.type = "button";
      if (fault) button.title = this.words.evidence_fault;
      button.addEventListener("click", () => this.evidence(index));
      moments.append(button);
    });
    if (item.camera.evidence.length) {
      moments.prepend(make("b", "", `${this.words.evidence} `), make("kbd", "", "e"), " ");
      if (item.camera.evidence.length > 8) moments.append(make("span", "soft", ` + ${item.camera.evidence.length - 8}`));
      box.append(moments);
    }
    return box;
  }

  levels(item) {
    const group = make("div", "levels");
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", this.words.rating);
    const preset = item.camera?.level ?? (item.person ? this.document.best : null);
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
