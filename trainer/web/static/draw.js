// Draws what the server found over the picture. Results are in pixels of the raw picture; only the eye sees it mirrored.
import { penOf } from "./dom.js";

/** @typedef {Practice.Point | null | undefined} Place */
/** @type {Practice.Side[]} */
const SIDES = ["left", "right"];
const COLOURS = { left: "#ffb454", right: "#5ad1c5" };
const BONES = [[0, 1, 2, 3, 4], [0, 5, 6, 7, 8], [5, 9, 10, 11, 12], [9, 13, 14, 15, 16], [13, 17, 18, 19, 20], [0, 17]];

export class Stage {
  // A browser without a graphics card draws the whole canvas each time: only when there is something new to see.
  #mirrored = true;
  /** @type {ImageBitmap | null} */
  #bitmap = null;
  /** @type {Practice.Result | null} */
  #result = null;
  /** @type {Place[] | null} */
  #target = null;
  #assess = false;

  /**
   * @param {HTMLCanvasElement} canvas
   * @param {HTMLVideoElement} video
   */
  constructor(canvas, video) {
    this.canvas = canvas;
    this.video = video;
    this.context = penOf(canvas);
    this.asked = false;
    /** @type {Practice.Frame | null} */
    this.frameNow = null;
    new ResizeObserver(([entry]) => {
      this.box = { width: entry.contentRect.width, height: entry.contentRect.height };
      this.ask();
    }).observe(canvas);
    this.box = { width: canvas.clientWidth, height: canvas.clientHeight };
  }

  get mirrored() {
    return this.#mirrored;
  }

  set mirrored(value) {
    this.#mirrored = value;
    this.ask();
  }

  get bitmap() {
    return this.#bitmap;
  }

  set bitmap(value) {
    this.#bitmap = value;
    this.ask();
  }

  get result() {
    return this.#result;
  }

  set result(value) {
    this.#result = value;
    this.ask();
  }

  get target() {
    return this.#target;
  }

  set target(value) {
    this.#target = value;
    this.ask();
  }

  get assess() {
    return this.#assess;
  }

  set assess(value) {
    this.#assess = value;
    this.ask();
  }

  /** Draw at the next chance, once. */
  ask() {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      this.draw();
    });
  }

  /** Where the picture lies on the canvas, or null. @returns {Practice.Frame | null} */
  frame() {
    const [w, h] = this.result?.size ?? (this.bitmap ? [this.bitmap.width, this.bitmap.height] : [this.video.videoWidth, this.video.videoHeight]);
    if (!w || !h) return null;
    const { width, height } = this.box;
    const scale = Math.min(width / w, height / h);
    return { x: (width - w * scale) / 2, y: (height - h * scale) / 2, width: w * scale, height: h * scale, scale, w, h };
  }

  /**
   * Raw picture pixels to CSS pixels of the stage.
   * @param {Practice.Point} place
   * @param {Practice.Frame} frame
   * @returns {Practice.Point}
   */
  toStage([x, y], frame) {
    return [frame.x + (this.mirrored ? frame.w - x : x) * frame.scale, frame.y + y * frame.scale];
  }

  /**
   * CSS pixels of the stage to raw picture pixels, kept inside the picture.
   * @param {Practice.Point} place
   * @param {Practice.Frame} frame
   * @returns {Practice.Point}
   */
  toPicture([x, y], frame) {
    const across = Math.min(Math.max((x - frame.x) / frame.scale, 0), frame.w);
    return [this.mirrored ? frame.w - across : across, Math.min(Math.max((y - frame.y) / frame.scale, 0), frame.h)];
  }

  draw() {
    const { canvas, context } = this;
    const density = devicePixelRatio || 1;
    const [width, height] = [Math.round(this.box.width * density), Math.round(this.box.height * density)];
    if (!width || !height) return;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, this.box.width, this.box.height);
    const frame = this.frame();
    if (!frame) return;
    if (this.bitmap) {
      context.save();
      if (this.mirrored) {
        context.translate(2 * frame.x + frame.width, 0);
        context.scale(-1, 1);
      }
      context.drawImage(this.bitmap, frame.x, frame.y, frame.width, frame.height);
      context.restore();
    }
    if (!this.result) return;
    this.frameNow = frame;
    if (this.result.back) this.back(this.result.back);
    if (this.target && !this.assess) this.goal(this.target);
    for (const side of SIDES) {
      const hand = this.result.hands?.[side];
      if (hand) this.hand(hand, side);
    }
  }

  /**
   * Lay a path through the places that are known.
   * @param {Place[]} points
   * @param {boolean} [closed]
   */
  line(points, closed = false) {
    const { context, frameNow } = this;
    context.beginPath();
    if (!frameNow) return;
    let started = false;
    for (const point of points) {
      if (!point || point[0] == null) continue;
      const [x, y] = this.toStage(point, frameNow);
      if (started) context.lineTo(x, y);
      else context.moveTo(x, y);
      started = true;
    }
    if (closed) context.closePath();
  }

  /** @param {Practice.Back} back */
  back(back) {
    const { context } = this;
    const faint = back.status === "followed" ? 1 : 0.45;
    context.lineJoin = context.lineCap = "round";
    for (const region of back.regions ?? []) {
      this.line(region.polygon, true);
      context.globalAlpha = 0.16 * faint;
      context.fillStyle = region.kind === "avoid" ? "#ff6b5e" : "#5ad1c5";
      context.fill();
      context.globalAlpha = 0.9 * faint;
      context.setLineDash(region.kind === "avoid" ? [3, 5] : [9, 6]);
      context.lineWidth = 2;
      context.strokeStyle = region.kind === "avoid" ? "#ff8f84" : "#8ff0e4";
      context.stroke();
    }
    context.setLineDash([]);
    context.globalAlpha = 0.55 * faint;
    context.strokeStyle = "#fff6e6";
    for (const [name, points] of Object.entries(back.outlines ?? {})) {
      context.lineWidth = name === "spine" ? 2.5 : 1.4;
      this.line(points, name.endsWith("scapula"));
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  /**
   * Where the thumbs should go: the region itself, or an arrow along the pass.
   * @param {Place[]} points
   */
  goal(points) {
    const { context, frameNow } = this;
    const places = points.filter((point) => point != null).filter((point) => point[0] != null);
    if (places.length < 2 || !frameNow) return;
    context.lineJoin = context.lineCap = "round";
    this.line(places, places.length > 2);
    if (places.length > 2) {
      context.fillStyle = "#ffd65c55";
      context.fill();
    }
    for (const { width, colour } of [{ width: 10, colour: "#17130f99" }, { width: 6, colour: "#ffd65c" }]) {
      context.lineWidth = width;
      context.strokeStyle = colour;
      context.stroke();
    }
    if (places.length === 2) this.arrowHead(this.toStage(places[0], frameNow), this.toStage(places[1], frameNow));
  }

  /**
   * @param {Practice.Point} from
   * @param {Practice.Point} tip
   */
  arrowHead([x0, y0], [x, y]) {
    const { context } = this;
    const along = Math.atan2(y - y0, x - x0);
    context.beginPath();
    context.moveTo(x, y);
    for (const turn of [2.6, -2.6]) context.lineTo(x + 30 * Math.cos(along + turn), y + 30 * Math.sin(along + turn));
    context.closePath();
    context.fillStyle = "#ffd65c";
    context.fill();
  }

  /**
   * @param {Practice.Hand} hand
   * @param {Practice.Side} side
   */
  hand(hand, side) {
    const { context, frameNow } = this;
    const { keypoints } = hand;
    const sure = hand.status === "detected";
    context.strokeStyle = context.fillStyle = COLOURS[side];
    context.globalAlpha = sure ? 0.75 : 0.35;
    context.lineWidth = 2;
    if (keypoints) {
      for (const bone of BONES) {
        this.line(bone.map((index) => keypoints[index]));
        context.stroke();
      }
    }
    if (hand.contact && frameNow) {
      const [x, y] = this.toStage(hand.contact, frameNow);
      context.globalAlpha = 1;
      context.beginPath();
      context.arc(x, y, 8, 0, 2 * Math.PI);
      context.fill();
      context.lineWidth = 3;
      context.strokeStyle = sure ? "#ffffff" : "#ffffff88";
      context.stroke();
    }
    context.globalAlpha = 1;
  }
}
