// Replays the thumbs on the drawn back, as the camera saw them move, with nothing added where they were not seen.
const TRAIL_S = 1.6;
const LOST_S = 0.35;
const NOWHERE = -32768;
const SVG = "http://www.w3.org/2000/svg";
/** @type {Desk.Hand[]} */
const HANDS = ["left", "right"];
/** @typedef {Record<Desk.Hand, Desk.Track>} Tracks */

/**
 * Read the server's PJT1 bytes.
 * @param {ArrayBuffer} buffer
 * @returns {Tracks}
 */
export function parseThumbs(buffer) {
  const view = new DataView(buffer);
  if (view.getUint32(0, false) !== 0x504a5431) throw new Error("not PJT1");
  let at = 12;
  const [left, right] = HANDS.map((_, index) => {
    const n = view.getUint32(4 + 4 * index, true);
    const time = new Float32Array(buffer, at, n);
    const lateral = new Int16Array(buffer, at + 4 * n, n);
    const caudal = new Int16Array(buffer, at + 6 * n, n);
    const status = new Uint8Array(buffer, at + 8 * n, n);
    at += 8 * n + 4 * Math.ceil(n / 4);
    return { time, lateral, caudal, status };
  });
  return { left, right };
}

/**
 * Index of the last entry of a rising array that is not above a value; -1 for none.
 * @param {Float32Array} values
 * @param {number} value
 */
export function lastUpTo(values, value) {
  let low = 0;
  let high = values.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (values[middle] <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

export class Replay {
  /**
   * @param {SVGElement} svg
   * @param {Tracks} hands
   */
  constructor(svg, hands) {
    this.marks = HANDS.map((hand) => {
      const trail = document.createElementNS(SVG, "path");
      trail.setAttribute("class", `trail ${hand}`);
      const dot = document.createElementNS(SVG, "circle");
      dot.setAttribute("class", `thumb ${hand}`);
      dot.setAttribute("r", "62");
      svg.append(trail, dot);
      return { track: hands[hand], trail, dot };
    });
  }

  /** @param {number} time seconds */
  draw(time) {
    for (const { track, trail, dot } of this.marks) {
      const now = lastUpTo(track.time, time);
      const here = now >= 0 && time - track.time[now] < LOST_S && track.lateral[now] !== NOWHERE;
      dot.style.visibility = here ? "visible" : "hidden";
      if (here) {
        dot.setAttribute("cx", String(track.lateral[now]));
        dot.setAttribute("cy", String(track.caudal[now]));
        dot.classList.toggle("bridged", track.status[now] < 2);
      }
      let path = "";
      let pen = false;
      for (let i = lastUpTo(track.time, time - TRAIL_S) + 1; i <= now; i += 1) {
        if (track.lateral[i] === NOWHERE) pen = false;
        else {
          path += `${pen ? "L" : "M"}${track.lateral[i]} ${track.caudal[i]}`;
          pen = true;
        }
      }
      trail.setAttribute("d", path);
    }
  }
}

