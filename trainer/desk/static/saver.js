// Sends every grade at once, one after the other. What cannot be sent is kept, in this page and over a reload of it,
// and sent again; what was changed elsewhere meanwhile is shown, and neither is lost.
const LONGEST_WAIT_MS = 5000;

export class Saver {
  /**
   * @param options {address, version, key, revisions, spent, changed, saved, theirs, conflict}
   * `revisions` maps items to the revision that the page shows; `spent` says the seconds so far.
   * `changed(state, count, why)` is told "saved", "saving", "unsent", "enter" or "refused".
   * `saved(item, grade)` after each; `theirs(item, grade)` for what came from elsewhere;
   * `conflict(item, mine, grade)` when both changed one item: it calls `settle(item, "mine" | "theirs")`.
   */
  constructor(options) {
    Object.assign(this, options);
    this.waiting = new Map(this.remembered());
    this.held = new Map();
    this.busy = false;
    this.fails = 0;
    if (this.waiting.size) this.send();
  }

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
    const [item, mine] = this.waiting.entries().next().value;
    let answer = null;
    let body = null;
    try {
      answer = await fetch(this.address, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ item, ...mine, version: this.version, spent_s: this.spent() }),
      });
      body = await answer.json();
    } catch {
      answer = null;
    }
    this.busy = false;
    if (answer === null || answer.status >= 500 || answer.status === 401) {
      this.fails += 1;
      this.changed(answer?.status === 401 ? "enter" : "unsent", this.count);
      setTimeout(() => this.send(), Math.min(LONGEST_WAIT_MS, 400 * 2 ** this.fails));
      return;
    }
    this.fails = 0;
    if (answer.ok) this.done(item, mine, body);
    else if (answer.status === 409) this.meet(item, mine, body);
    else {
      this.waiting.delete(item);
      this.remember();
      this.changed("refused", this.count, body.error);
    }
    if (this.waiting.size) this.send();
  }

  done(item, mine, body) {
    this.version = body.version;
    this.revisions[item] = body.grade.revision;
    // What was typed while this was under way waits for its own turn.
    if (this.waiting.get(item) === mine) this.waiting.delete(item);
    this.remember();
    this.saved(item, body.grade);
    if (!this.count) this.changed("saved", 0);
  }

  meet(item, mine, body) {
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

  settle(item, whose) {
    const mine = this.held.get(item);
    this.held.delete(item);
    this.remember();
    if (whose === "mine" && mine) this.save(item, mine.level, mine.comment);
    else if (!this.count) this.changed("saved", 0);
  }

  /** Wait until all is sent; false when something is held back. */
  async flushed() {
    while (this.waiting.size || this.busy) await new Promise((go) => setTimeout(go, 40));
    return this.held.size === 0;
  }
}
