// The drawn demonstration: thumbs moving over a drawn back, straight from the protocol's data.
const NS = "http://www.w3.org/2000/svg";
const UNIT = 100; // drawing units a centimetre, as in /drawing/back.svg
/** @type {Practice.Side[]} */
const SIDES = ["left", "right"];
const COLOURS = { left: "#c7741a", right: "#17605d" };

/** @type {Promise<string> | null} */
let drawing = null;

/**
 * The drawn back, with ids of its own: two drawings on one page must not share their gradients.
 * @param {string} name
 */
async function backDrawing(name) {
  drawing ??= fetch("/drawing/back.svg").then((answer) => answer.text());
  const text = (await drawing).replaceAll("url(#", `url(#${name}-`).replaceAll(' id="', ` id="${name}-`);
  return new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
}

/**
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number>} attributes
 */
function make(tag, attributes) {
  const element = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  return element;
}

/**
 * Where a thumb is at a time.
 * @param {Practice.Moment[]} rows
 * @param {number} time seconds
 */
export function placeAt(rows, time) {
  if (!rows.length) return null;
  let after = rows.findIndex((row) => row[0] >= time);
  if (after < 0) after = rows.length - 1;
  if (after === 0) return { x: rows[0][1], y: rows[0][2], touching: rows[0][3] };
  const [a, b] = [rows[after - 1], rows[after]];
  const share = b[0] > a[0] ? Math.min(1, Math.max(0, (time - a[0]) / (b[0] - a[0]))) : 1;
  return { x: a[1] + share * (b[1] - a[1]), y: a[2] + share * (b[2] - a[2]), touching: a[3] && b[3] };
}

export class Lesson {
  /** @param {SVGSVGElement} svg */
  constructor(svg) {
    this.svg = svg;
    /** @type {Practice.Motion | null} */
    this.motion = null;
    /** @type {{ rows: Practice.Moment[], thumb: SVGCircleElement, trail: SVGPolylineElement }[]} */
    this.hands = [];
    this.begun = 0;
    this.run = 0;
  }

  /**
   * @param {Practice.Protocol} protocol
   * @param {Pick<Practice.Step, "motion"> | null} step what to show of it; null for all
   */
  async show(protocol, step) {
    const back = await backDrawing(this.svg.dataset.lesson ?? "");
    this.svg.replaceChildren();
    this.svg.setAttribute("viewBox", back.getAttribute("viewBox") ?? "");
    this.svg.append(...[...back.childNodes].map((node) => document.importNode(node, true)));
    const wanted = step?.motion?.regions ?? protocol.regions.filter((region) => region.kind === "target").map((region) => region.id);
    for (const region of protocol.regions) {
      if (!wanted.includes(region.id)) continue;
      this.svg.append(make("polygon", {
        points: region.polygon.map(([x, y]) => `${x * UNIT},${y * UNIT}`).join(" "),
        fill: "#17605d22", stroke: "#17605d", "stroke-width": 22, "stroke-dasharray": "90 60",
      }));
    }
    this.motion = step?.motion ?? protocol.steps.find((one) => one.motion && one.check?.kind === "rounds")?.motion ?? protocol.steps.find((one) => one.motion)?.motion ?? null;
    this.hands = [];
    if (!this.motion) return;
    for (const side of SIDES) {
      const rows = this.motion.thumbs[side];
      if (!rows?.length) continue;
      const trail = make("polyline", { fill: "none", stroke: COLOURS[side], "stroke-width": 34, "stroke-linecap": "round", "stroke-linejoin": "round", "stroke-opacity": 0.45 });
      const thumb = make("circle", { r: 92, fill: COLOURS[side], stroke: "#fff", "stroke-width": 26 });
      this.svg.append(trail, thumb);
      this.hands.push({ rows, thumb, trail });
    }
    this.begun = performance.now();
    this.run += 1;
    const { run } = this;
    const tick = () => {
      if (run !== this.run || !this.svg.isConnected) return;
      this.paint();
      requestAnimationFrame(tick);
    };
    tick();
  }

  stop() {
    this.run += 1;
  }

  paint() {
    if (!this.motion) return;
    const time = ((performance.now() - this.begun) / 1000) % (this.motion.duration_s + 0.8);
    for (const { rows, thumb, trail } of this.hands) {
      const place = placeAt(rows, time);
      if (!place) continue;
      thumb.setAttribute("cx", String(place.x * UNIT));
      thumb.setAttribute("cy", String(place.y * UNIT));
      thumb.setAttribute("r", place.touching ? "92" : "120");
      thumb.setAttribute("fill-opacity", place.touching ? "1" : "0.35");
      const recent = rows.filter((row) => row[0] <= time && row[0] > time - 2.2 && row[3]);
      trail.setAttribute("points", recent.map((row) => `${row[1] * UNIT},${row[2] * UNIT}`).join(" "));
    }
  }
}
