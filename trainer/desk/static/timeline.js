// Both hands' strokes over time: the whole demonstration, and larger what is around the moment that is watched.
import { penOf } from "./dom.js";

/** @type {Desk.Hand[]} */
const LANES = ["left", "right"];
const NEAR_S = 24;
const LANE_TONE = "#f3ecdf";
const UNSEEN_TONE = "#d9d6d1";
const INK = "#2b2521";
const MUTED = "#62584e";
const FAULT = "#b3261e";
const SUPPORT = "#1f5f38";
const GUTTER = 54;

/** @param {number} seconds */
export const clock = (seconds) => {
  const whole = Math.max(0, Math.floor(seconds + 1e-6));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
};

/** @typedef {"near" | "whole"} Part */
/** @type {Part[]} */
const PARTS = ["near", "whole"];
/** From and to, in seconds. @typedef {[number, number]} Span */
/**
 * @typedef {object} TimelineOptions
 * @property {number} duration seconds
 * @property {Record<string, string>} colours by kind of stroke
 * @property {number} unsureBelow confidence under which a stroke is drawn pale
 * @property {Desk.Words} words
 * @property {(time: number) => void} seek
 */

export class Timeline {
  /**
   * @param {Record<Part, HTMLCanvasElement>} canvases
   * @param {Desk.TimelineData} data
   * @param {TimelineOptions} options
   */
  constructor(canvases, data, options) {
    this.canvases = canvases;
    this.data = data;
    this.duration = options.duration;
    this.colours = options.colours;
    this.unsureBelow = options.unsureBelow;
    this.words = options.words;
    this.seek = options.seek;
    this.time = 0;
    /** @type {Desk.Evidence[]} */
    this.evidence = [];
    /** @type {{ name: Part, span: Span } | null} */
    this.dragging = null;
    for (const name of PARTS) {
      const canvas = canvases[name];
      canvas.addEventListener("pointerdown", (event) => {
        canvas.setPointerCapture(event.pointerId);
        this.dragging = { name, span: this.span(name) };
        this.point(event);
      });
      canvas.addEventListener("pointermove", (event) => this.dragging?.name === name && this.point(event));
      canvas.addEventListener("pointerup", () => {
        this.dragging = null;
      });
    }
    new ResizeObserver(() => this.draw(this.time)).observe(canvases.whole);
  }

  /**
   * What a part shows.
   * @param {Part} name
   * @returns {Span}
   */
  span(name) {
    if (name === "whole" || this.duration <= NEAR_S) return [0, Math.max(this.duration, 1)];
    const from = Math.min(Math.max(0, this.time - NEAR_S / 2), this.duration - NEAR_S);
    return [from, from + NEAR_S];
  }

  /** @param {PointerEvent} event */
  point(event) {
    if (!this.dragging) return;
    const { name, span } = this.dragging;
    const width = this.canvases[name].clientWidth - GUTTER;
    this.seek(span[0] + ((event.offsetX - GUTTER) / width) * (span[1] - span[0]));
  }

  /** @param {number} time seconds */
  draw(time) {
    this.time = time;
    for (const name of PARTS) this.drawOne(this.canvases[name], this.span(name), name === "near");
  }

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {Span} span
   * @param {boolean} near
   */
  drawOne(canvas, [from, to], near) {
    const density = devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth, canvas.clientHeight];
    if (!width || !height) return;
    const pixels = [Math.round(width * density), Math.round(height * density)];
    if (canvas.width !== pixels[0] || canvas.height !== pixels[1]) [canvas.width, canvas.height] = pixels;
    const pen = penOf(canvas);
    pen.setTransform(density, 0, 0, density, 0, 0);
    pen.clearRect(0, 0, width, height);
    const top = 8;
    const axis = 15;
    const lane = (height - top - axis - 4) / 2;
    /** @param {number} seconds */
    const x = (seconds) => GUTTER + ((seconds - from) / (to - from)) * (width - GUTTER);
    pen.font = "600 12px system-ui, sans-serif";
    pen.textBaseline = "middle";
    LANES.forEach((hand, index) => {
      const y = top + index * (lane + 4);
      pen.fillStyle = MUTED;
      pen.textAlign = "right";
      pen.fillText(this.words[`hand_${hand}`], GUTTER - 8, y + lane / 2);
      pen.fillStyle = LANE_TONE;
      pen.fillRect(GUTTER, y, width - GUTTER, lane);
      pen.save();
      pen.beginPath();
      pen.rect(GUTTER, y, width - GUTTER, lane);
      pen.clip();
      pen.fillStyle = UNSEEN_TONE;
      for (const [a, b] of this.data.unseen[hand]) if (b > from && a < to) pen.fillRect(x(a), y, Math.max(1, x(b) - x(a)), lane);
      for (const stroke of this.data.strokes) {
        const [onset, length, kind, whose, sure, cycles] = stroke;
        if (whose !== hand || onset + length < from || onset > to) continue;
        const left = x(onset);
        const wide = Math.max(1, x(onset + length) - left - (near ? 1 : 0.3));
        pen.globalAlpha = sure < this.unsureBelow ? 0.4 : 1;
        pen.fillStyle = this.colours[kind] ?? MUTED;
        pen.fillRect(left, y + 2, wide, lane - 4);
        pen.globalAlpha = 1;
        if (near && wide > 20) {
          const mark = markOf(kind, cycles);
          if (mark) {
            pen.fillStyle = "#fff";
            pen.textAlign = "center";
            pen.fillText(mark, left + wide / 2, y + lane / 2 + 1);
          }
        }
      }
      for (const [a, b, whose, fault] of this.evidence) {
        if ((whose && whose !== hand) || b < from || a > to) continue;
        pen.strokeStyle = fault ? FAULT : SUPPORT;
        pen.lineWidth = 2.5;
        pen.strokeRect(x(a), y + 1.25, Math.max(2, x(b) - x(a)), lane - 2.5);
      }
      pen.restore();
    });
    this.axis(pen, [from, to], x, height - axis, width);
    pen.strokeStyle = INK;
    pen.lineWidth = 2;
    pen.beginPath();
    pen.moveTo(x(this.time), 0);
    pen.lineTo(x(this.time), height - axis + 2);
    pen.stroke();
    pen.fillStyle = INK;
    pen.beginPath();
    pen.moveTo(x(this.time) - 5, 0);
    pen.lineTo(x(this.time) + 5, 0);
    pen.lineTo(x(this.time), 7);
    pen.fill();
  }

  /**
   * @param {CanvasRenderingContext2D} pen
   * @param {Span} span
   * @param {(seconds: number) => number} x
   * @param {number} y
   * @param {number} width
   */
  axis(pen, [from, to], x, y, width) {
    const step = [1, 2, 5, 10, 30, 60, 120, 300, 600].find((seconds) => (to - from) / seconds <= 9) ?? 1200;
    pen.fillStyle = MUTED;
    pen.font = "11px system-ui, sans-serif";
    for (let tick = Math.ceil(from / step) * step; tick <= to; tick += step) {
      const at = x(tick);
      pen.fillRect(at, y, 1, 4);
      pen.textAlign = at > width - 16 ? "right" : at < GUTTER + 12 ? "left" : "center";
      pen.fillText(clock(tick), at, y + 10);
    }
  }
}

/**
 * What is written on a stroke that is wide enough.
 * @param {string} kind
 * @param {number | null} cycles
 */
function markOf(kind, cycles) {
  if (kind === "downward_pass") return "↓";
  if (kind === "upward_pass") return "↑";
  if (kind !== "circular_pressure") return "";
  return cycles === null ? "○" : `${cycles.toLocaleString(document.documentElement.lang)}×`;
}
