// Sends every grade at once, one after the other. What cannot be sent is kept, in this page and over a reload of it,
// and sent again; what was changed elsewhere meanwhile is shown, and neither is lost.
const LONGEST_WAIT_MS = 5000;

/**
 * @typedef {object} SaverOptions
 * @property {string} address
 * @property {number} version of the grading that the page shows
 * @property {string} key under which unsent grades are kept in the browser
 * @property {Record<string, number>} revisions that the page shows, by item
 * @property {() => number} spent seconds so far
 * @property {(state: Desk.SaveState, count: number, why?: string) => void} changed
 * @property {(item: string, grade: Desk.Grade) => void} saved told after each
 * @property {(item: string, grade: Desk.Grade) => void} theirs told what came from elsewhere
 * @property {(item: string, mine: Desk.Typed, theirs: Desk.Grade) => void} conflict told when both changed one item:
 *   it calls `settle` in the end
 */
/** @typedef {{ version: number, grade: Desk.Grade }} Saved */
/** @typedef {{ version: number, grades: Record<string, Desk.Grade> }} Met */

export class Saver {
  /** @param {SaverOptions} options */
  constructor(options) {
    this.address = options.address;
    this.version = options.version;
    this.key = options.key;
    this.revisions = options.revisions;
    this.spent = options.spent;
    this.changed = options.changed;
    this.saved = options.saved;
    this.theirs = options.theirs;
    this.conflict = options.conflict;
    /** What is to be sent, by item. @type {Map<string, Desk.Typed>} */
    this.waiting = new Map(this.remembered());
    /** What is kept back until a person has settled it. @type {Map<string, Desk.Typed>} */
    this.held = new Map();
    this.busy = false;
    this.fails = 0;
    if (this.waiting.size) this.send();
  }

  /** @returns {[string, Desk.Typed][]} */
  remembered() {
    try {
      return JSON.parse(sessionStorage.getItem(this.key) ?? "[]");
    } catch {
      return [];
    }
  }

  remember() {
    const all = [...this.held, ...this.waiting];
    if (all.length) sessionStorage.setItem(this.key, JSON.stringify(all));
    else sessionStorage.removeItem(this.key);
  }

  get count() {
    return this.waiting.size + this.held.size;
  }

  /**
   * @param {string} item
   * @param {Desk.Level} level
   * @param {string} comment
   */
  save(item, level, comment) {
    this.waiting.delete(item);
    this.waiting.set(item, { level, comment });
    this.remember();
    if (!this.fails) this.changed("saving", this.count);
    this.send();
  }

  async send() {
    if (this.busy || !this.waiting.size) return;
    this.busy = true;
    const [[item, mine]] = this.waiting;
    const [status, body] = await this.ask({ item, ...mine, version: this.version, spent_s: this.spent() });
    this.busy = false;
    if (status === 0 || status >= 500 || status === 401) {
      this.fails += 1;
      this.changed(status === 401 ? "enter" : "unsent", this.count);
      setTimeout(() => this.send(), Math.min(LONGEST_WAIT_MS, 400 * 2 ** this.fails));
      return;
    }
    this.fails = 0;
    if (status < 300) this.done(item, mine, body);
    else if (status === 409 && body.grades) this.meet(body);
    else {
      this.waiting.delete(item);
      this.remember();
      this.changed("refused", this.count, body.error);
    }
    if (this.waiting.size) this.send();
  }

  /**
   * Send something; return the status and the answer, 0 when there was none that can be read.
   * @param {object} message
   */
  async ask(message) {
    try {
      const answer = await fetch(this.address, {
        method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(message),
      });
      return /** @type {const} */ ([answer.status, await answer.json()]);
    } catch {
      return /** @type {const} */ ([0, null]);
    }
  }

  /**
   * @param {string} item
   * @param {Desk.Typed} mine
   * @param {Saved} body
   */
  done(item, mine, body) {
    this.version = body.version;
    this.revisions[item] = body.grade.revision;
    // What was typed while this was under way waits for its own turn.
    if (this.waiting.get(item) === mine) this.waiting.delete(item);
    this.remember();
    this.saved(item, body.grade);
    if (!this.count) this.changed("saved", 0);
  }

  /** @param {Met} body */
  meet(body) {
    this.version = body.version;
    for (const [other, grade] of Object.entries(body.grades)) {
      if ((this.revisions[other] ?? 0) === grade.revision) continue;
      this.revisions[other] = grade.revision;
      const typed = this.waiting.get(other);
      if (typed && (typed.level !== grade.level || typed.comment !== grade.comment)) {
        this.waiting.delete(other);
        this.held.set(other, typed);
        this.conflict(other, typed, grade);
      } else {
        this.waiting.delete(other);
        this.theirs(other, grade);
      }
    }
    this.remember();
    if (!this.count) this.changed("saved", 0);
  }

  /**
   * @param {string} item
   * @param {"mine" | "theirs"} whose
   */
  settle(item, whose) {
    const mine = this.held.get(item);
    this.held.delete(item);
    this.remember();
    if (whose === "mine" && mine) this.save(item, mine.level, mine.comment);
    else if (!this.count) this.changed("saved", 0);
  }

  /** Wait until all is sent; false when something is held back. */
  async flushed() {
    while (this.waiting.size || this.busy) {
      await new Promise((go) => {
        setTimeout(go, 40);
      });
    }
    return this.held.size === 0;
  }
}
