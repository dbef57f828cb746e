// Landmarks of the back as handles that a person drags or nudges into place.
/** @type {Record<string, Practice.Point>} shares of the picture's width and height */
const START = {
  C7: [0.5, 0.28], T7: [0.5, 0.5], T12: [0.5, 0.68],
  left_acromion: [0.28, 0.31], right_acromion: [0.72, 0.31],
  left_scapula_inferior_angle: [0.38, 0.5], right_scapula_inferior_angle: [0.62, 0.5],
};
/** @type {Record<string, Practice.Point | undefined>} */
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const ENOUGH = 4; // landmarks that settle where a back lies
/** @type {Record<Practice.Language, Record<string, string>>} */
const NAMES = {
  id: { C7: "C7: tonjolan leher", T7: "T7: antara ujung belikat", T12: "T12: akhir rusuk", left_acromion: "puncak bahu kiri", right_acromion: "puncak bahu kanan", left_scapula_inferior_angle: "ujung bawah belikat kiri", right_scapula_inferior_angle: "ujung bawah belikat kanan" },
  en: { C7: "C7: bump of the neck", T7: "T7: between the blades' tips", T12: "T12: end of the ribs", left_acromion: "top of left shoulder", right_acromion: "top of right shoulder", left_scapula_inferior_angle: "lower tip of left blade", right_scapula_inferior_angle: "lower tip of right blade" },
};

export class Marking {
  /**
   * @param {HTMLElement} layer
   * @param {import("./draw.js").Stage} stage
   * @param {(landmarks: Record<string, Practice.Point>, size: Practice.Point) => void} changed
   */
  constructor(layer, stage, changed) {
    this.layer = layer;
    this.stage = stage;
    this.changed = changed;
    /** @type {Record<string, Practice.Point>} */
    this.points = {};
    /** Width and height of the pictures in whose pixels the points are. @type {Practice.Point | null} */
    this.size = null;
    /** @type {Record<string, HTMLButtonElement>} */
    this.handles = {};
    /** Found by the program or put there by the person; the others are only offered. @type {Set<string>} */
    this.known = new Set();
    this.timer = 0;
    this.told = 0;
  }

  get open() {
    return !this.layer.hidden;
  }

  /**
   * Show the handles where the back was found, or where a back usually is.
   * @param {Practice.Back | null | undefined} back
   * @param {Practice.Language} language
   */
  show(back, language) {
    const frame = this.stage.frame();
    if (!frame) return;
    this.fit(frame);
    this.layer.hidden = false;
    this.layer.replaceChildren();
    for (const [name, [x, y]] of Object.entries(START)) {
      const found = back?.landmarks?.[name];
      if (found) this.known.add(name);
      this.points[name] = found ?? (this.known.has(name) ? this.points[name] : [x * frame.w, y * frame.h]);
      const handle = document.createElement("button");
      handle.className = "handle";
      handle.classList.toggle("offered", !this.known.has(name));
      handle.classList.toggle("leftwards", name.startsWith("left") !== this.stage.mirrored);
      handle.setAttribute("aria-label", NAMES[language][name]);
      const label = document.createElement("span");
      label.textContent = NAMES[language][name];
      handle.append(label);
      handle.addEventListener("pointerdown", (event) => handle.setPointerCapture(event.pointerId));
      handle.addEventListener("pointermove", (event) => handle.hasPointerCapture(event.pointerId) && this.drag(name, event));
      handle.addEventListener("pointerup", () => this.tell());
      handle.addEventListener("keydown", (event) => this.nudge(name, event));
      this.handles[name] = handle;
      this.layer.append(handle);
    }
    this.place();
  }

  /**
   * Take the points over to pictures of another size: they are halved where the computer is slow.
   * @param {Practice.Frame} frame
   */
  fit({ w, h }) {
    const [across, down] = this.size ?? [w, h];
    for (const [name, [x, y]] of Object.entries(this.points)) this.points[name] = [(x * w) / across, (y * h) / down];
    this.size = [w, h];
  }

  hide() {
    this.layer.hidden = true;
  }

  /**
   * @param {string} name
   * @param {PointerEvent} event
   */
  drag(name, event) {
    const frame = this.stage.frame();
    if (!frame) return;
    const box = this.layer.getBoundingClientRect();
    this.fit(frame);
    this.points[name] = this.stage.toPicture([event.clientX - box.left, event.clientY - box.top], frame);
    this.take(name);
    this.place();
    this.tell(150);
  }

  /**
   * @param {string} name
   * @param {KeyboardEvent} event
   */
  nudge(name, event) {
    const step = STEPS[event.key];
    const frame = this.stage.frame();
    if (!step || !frame) return;
    event.preventDefault();
    const size = event.shiftKey ? 8 : 1;
    this.fit(frame);
    const [x, y] = this.points[name];
    this.points[name] = [x + step[0] * size * (this.stage.mirrored ? -1 : 1), y + step[1] * size];
    this.take(name);
    this.place();
    this.tell(150);
  }

  /** @param {string} name */
  take(name) {
    this.known.add(name);
    this.handles[name].classList.remove("offered");
  }

  place() {
    const frame = this.stage.frame();
    if (!frame) return;
    this.fit(frame);
    for (const [name, handle] of Object.entries(this.handles)) {
      const [x, y] = this.stage.toStage(this.points[name], frame);
      handle.style.left = `${x}px`;
      handle.style.top = `${y}px`;
    }
  }

  /** Send the places, not more often than every `wait` milliseconds. @param {number} [wait] */
  tell(wait = 0) {
    clearTimeout(this.timer);
    const late = performance.now() - this.told > wait;
    const send = () => {
      this.told = performance.now();
      const placed = Object.fromEntries(Object.entries(this.points).filter(([name]) => this.known.has(name)));
      if (this.size && Object.keys(placed).length >= ENOUGH) this.changed(placed, this.size);
    };
    if (late) send();
    else this.timer = window.setTimeout(send, wait);
  }
}
