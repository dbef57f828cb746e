// How fast answers come, in small print under the picture.
import { byId } from "../dom.js";
import { number, t } from "../messages.js";

const EVERY_MS = 500;
const RECENT = 60;

export class StatusLine {
  /** @param {import("../state.js").Page} page */
  constructor({ connection }) {
    this.connection = connection;
    this.drawnAt = 0;
  }

  /** @param {Practice.Result} result */
  take(result) {
    const now = performance.now();
    if (now - this.drawnAt < EVERY_MS) return;
    this.drawnAt = now;
    const { latencies, rate, skipped } = this.connection;
    const recent = latencies.slice(-RECENT).sort((a, b) => a - b);
    const middle = recent[Math.floor(recent.length / 2)];
    byId("status", HTMLElement).textContent = t("status", {
      fps: number(rate, 0), ms: number(middle, 0), dropped: number((result.frames?.dropped ?? 0) + skipped, 0), size: result.size ? `${result.size[0]}×${result.size[1]}` : "",
    });
  }
}
