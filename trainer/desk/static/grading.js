// Grading a demonstration by keyboard: watch, judge, go on; the server has every grade at once.
import { all, byId, targetOf } from "./dom.js";
import { Items } from "./items.js";
import { Player } from "./player.js";
import { Replay, parseThumbs } from "./replay.js";
import { Saver } from "./saver.js";
import { Timeline, clock } from "./timeline.js";

/** @param {string} id */
const $ = (id) => byId(id, HTMLElement);
const scrub = byId("scrub", HTMLInputElement);
const speed = byId("speed", HTMLSelectElement);
const help = byId("help", HTMLDialogElement);
const conflict = byId("conflict", HTMLDialogElement);
const signDialog = byId("sign-dialog", HTMLDialogElement);
/** @type {Desk.GradingDocument} */
const data = JSON.parse($("document").textContent);
/** @type {Desk.Words} */
const words = JSON.parse($("words").textContent);
/**
 * @param {string} key
 * @param {Record<string, string | number>} values
 */
const fill = (key, values) => words[key].replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
const address = `/api/sessions/${data.session}`;
/** @type {Replay | null} */
let replay = null;
/** @type {Timeline | null} */
let timeline = null;
let seenMoment = -1;

// What is watched.
const film = document.getElementById("video");
const player = new Player(film instanceof HTMLVideoElement ? film : null, data.duration_s, (time) => {
  $("clock").textContent = clock(time);
  $("times").textContent = `${clock(time)} / ${clock(player.duration)}`;
  scrub.max = String(player.duration);
  if (document.activeElement !== scrub || player.playing) scrub.value = String(time);
  $("play").textContent = player.playing ? words.pause : words.play;
  replay?.draw(time);
  timeline?.draw(time);
});
$("play").addEventListener("click", () => player.toggle());
scrub.addEventListener("input", () => player.seek(Number(scrub.value)));
speed.addEventListener("change", () => player.setSpeed(Number(speed.value)));

/** @param {string | null} sentence */
const say = (sentence) => {
  $("trouble").textContent = sentence ?? "";
  $("trouble").hidden = !sentence;
};

async function load() {
  const failed = [];
  if (!data.video) {
    const answer = await fetch(data.thumbs);
    if (answer.ok) replay = new Replay(byId("back", SVGElement), parseThumbs(await answer.arrayBuffer()));
    else failed.push((await answer.json()).error);
  }
  if (data.timeline) {
    const answer = await fetch(data.timeline);
    if (answer.ok) {
      timeline = new Timeline({ near: byId("near", HTMLCanvasElement), whole: byId("whole", HTMLCanvasElement) }, await answer.json(), {
        duration: player.duration, colours: data.colours, unsureBelow: data.unsure_below, words, seek: (time) => player.seek(time),
      });
      legend(timeline);
      timeline.evidence = items.item.camera?.evidence ?? [];
    } else failed.push((await answer.json()).error);
  }
  player.tell();
  if (failed.length) say(failed.join(" "));
}

/** @param {Timeline} shownTimeline */
function legend(shownTimeline) {
  const used = new Set(shownTimeline.data.strokes.map((stroke) => stroke[2]));
  for (const kind of Object.keys(data.colours)) {
    if (!used.has(kind)) continue;
    const entry = document.createElement("li");
    const patch = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    patch.setAttribute("viewBox", "0 0 12 12");
    const square = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    for (const [name, value] of Object.entries({ width: 12, height: 12, rx: 2, fill: data.colours[kind] })) square.setAttribute(name, String(value));
    patch.append(square);
    entry.append(patch, words[`stroke_${kind}`]);
    $("legend").append(entry);
  }
}

// What is graded.
const began = performance.now();
let away = 0;
/** @type {number | null} */
let leftAt = null;
document.addEventListener("visibilitychange", () => {
  if (document.hidden) leftAt = performance.now();
  else if (leftAt !== null) {
    away += performance.now() - leftAt;
    leftAt = null;
  }
});
const spent = () => Math.round(data.spent_s + (performance.now() - began - away) / 1000);

const items = new Items({
  list: $("items"), document: data, words, clock,
  rate, unseen: () => rate(null), evidence: moment, comment, choose: go,
});
const saver = new Saver({
  address: `${address}/grades`, version: data.version, key: `pijat-grading-${data.mark}`, spent,
  revisions: Object.fromEntries(data.items.flatMap((item) => (item.grade ? [[item.id, item.grade.revision]] : []))),
  changed(state, waiting, why) {
    $("saving").textContent = state === "saved" ? words.all_saved : state === "saving" ? words.saving : "";
    $("saving").dataset.state = state;
    if (state === "unsent") say(fill("unsent", { count: waiting }));
    else if (state === "enter") say(fill("enter_again", { count: waiting }));
    else if (state === "refused") say(fill("refused_save", { why: why ?? "" }));
    else if (state === "saved") say(null);
  },
  saved(id, grade) {
    const item = find(id);
    if (!saver.waiting.has(id)) item.grade = grade;
    items.paint(item);
    count();
  },
  theirs(id, grade) {
    const item = find(id);
    item.grade = grade;
    items.paint(item);
    if (item === items.item) items.show(items.active);
    count();
  },
  conflict: (id, mine, theirs) => settle(find(id), mine, theirs),
});
for (const [id, mine] of saver.waiting) {
  const item = data.items.find((one) => one.id === id);
  if (item) item.grade = expected(item, mine.level, mine.comment);
}

/** @param {string} id */
function find(id) {
  const item = data.items.find((one) => one.id === id);
  if (!item) throw new Error(`Expected an item of this protocol, got ${id}.`);
  return item;
}

/**
 * The grade as the server will call it; its own word replaces this one.
 * @param {Desk.Item} item
 * @param {Desk.Level} level
 * @param {string} text
 * @returns {Desk.Grade}
 */
function expected(item, level, text) {
  const known = item.camera?.level ?? null;
  const decision = level === null ? "not_observed" : known === null ? (item.person ? "ticked" : "rated") : known === level ? "confirmed" : "overridden";
  return { level, comment: text, decision, revision: item.grade?.revision ?? 0 };
}

/** @param {Desk.Level} level */
function rate(level) {
  const item = items.item;
  const text = items.input?.value.trim() ?? item.grade?.comment ?? "";
  const grade = expected(item, level, text);
  item.grade = grade;
  saver.save(item.id, level, text);
  items.paint(item);
  count();
  if (grade.decision === "overridden" && !text) {
    say(words.comment_missing);
    items.input?.focus();
  } else go(items.active + 1);
}

/**
 * @param {Desk.Item} item
 * @param {string} text
 */
function comment(item, text) {
  if (!item.grade || item.grade.comment === text) return;
  const { level } = item.grade;
  item.grade = expected(item, level, text);
  saver.save(item.id, level, text);
  if (text && $("trouble").textContent === words.comment_missing) say(null);
}

function confirm() {
  const item = items.item;
  const level = item.camera?.level ?? (item.person ? data.best : null);
  if (level === null) say(data.hidden ? words.rate_it : words.nothing_to_confirm);
  else {
    say(null);
    rate(level);
  }
}

/** @param {number} index */
function go(index) {
  items.show(index);
  items.focus();
  seenMoment = -1;
  if (timeline) {
    timeline.evidence = items.item.camera?.evidence ?? [];
    timeline.draw(player.time);
  }
}

/** @param {number} index */
function moment(index) {
  const moments = items.item.camera?.evidence ?? [];
  if (!moments.length) {
    say(words.evidence_none);
    return;
  }
  seenMoment = index % moments.length;
  player.seek(Math.max(0, moments[seenMoment][0] - 0.5));
  player.play();
}

/** @param {Desk.Typed} grade */
const shown = (grade) => `${grade.level ?? words.not_seen}${grade.comment ? ` – ${grade.comment}` : ""}`;
/** @type {{ item: Desk.Item, mine: Desk.Typed, theirs: Desk.Grade }[]} */
const undecided = [];

/**
 * @param {Desk.Item} item
 * @param {Desk.Typed} mine
 * @param {Desk.Grade} theirs
 */
function settle(item, mine, theirs) {
  undecided.push({ item, mine, theirs });
  if (undecided.length === 1) askWhichCounts();
}

function askWhichCounts() {
  const { item, mine, theirs } = undecided[0];
  $("conflict-title").textContent = `${item.number}. ${item.title}`;
  $("conflict-mine").textContent = fill("conflict_mine", { mine: shown(mine) });
  $("conflict-theirs").textContent = fill("conflict_theirs", { theirs: shown(theirs) });
  /** @param {"mine" | "theirs"} whose */
  const end = (whose) => {
    conflict.close();
    item.grade = whose === "theirs" ? theirs : { ...expected(item, mine.level, mine.comment), revision: theirs.revision };
    items.show(items.active);
    saver.settle(item.id, whose);
    count();
    undecided.shift();
    if (undecided.length) askWhichCounts();
  };
  $("conflict-mine").onclick = () => end("mine");
  $("conflict-theirs").onclick = () => end("theirs");
  // Esc must not leave the two undecided; browsers close a dialog at the second one all the same.
  conflict.oncancel = (event) => event.preventDefault();
  conflict.onclose = () => undecided.length && !conflict.open && askWhichCounts();
  if (!conflict.open) conflict.showModal();
}

function sums() {
  let most = 0;
  let points = 0;
  for (const { grade, max_points: worth } of data.items) {
    if (!grade || grade.level === null) continue;
    most += worth;
    points += (grade.level / data.best) * worth;
  }
  return { points, most, percent: most ? Math.round((100 * points) / most) : null };
}

function count() {
  $("count").textContent = fill("graded_count", { done: data.items.filter((item) => item.grade).length, all: data.items.length });
  const { percent } = sums();
  $("total").textContent = percent === null ? "" : fill("your_total", { percent });
  $("sign").hidden = data.signed;
  $("signed").hidden = !data.signed;
  if (data.signed) $("signed").textContent = words.signed;
}

// The signature.
function askToSign() {
  if (data.signed) return;
  const left = data.items.findIndex((item) => !item.grade);
  const unsaid = data.items.findIndex((item) => item.grade?.decision === "overridden" && !item.grade.comment);
  if (left >= 0 || unsaid >= 0) {
    go(left >= 0 ? left : unsaid);
    const unexplained = data.items.filter(({ grade }) => grade?.decision === "overridden" && !grade.comment);
    const counted = left >= 0 ? data.items.filter((item) => !item.grade).length : unexplained.length;
    say(fill(left >= 0 ? "items_left" : "comments_left", { count: counted }));
    return;
  }
  const { points, most, percent } = sums();
  $("sign-text").textContent = most
    ? fill("sign_text", { name: data.grader, points: Number(points.toFixed(2)), most, percent: percent ?? 0 })
    : fill("sign_no_points", { name: data.grader });
  signDialog.showModal();
  $("sign-yes").focus();
}

async function sign() {
  signDialog.close();
  if (!(await saver.flushed())) return;
  try {
    const answer = await fetch(`${address}/sign`, {
      method: "POST", headers: { "content-type": "application/json" },
      body: JSON.stringify({ version: saver.version, spent_s: spent() }),
    });
    const body = await answer.json();
    if (answer.ok) location.reload();
    else if (answer.status === 409 && body.grades) {
      saver.meet(body);
      say(words.conflict);
    } else if (answer.status === 401) say(fill("enter_again", { count: 0 }));
    else say(fill("refused_save", { why: body.error }));
  } catch {
    say(fill("unsent", { count: 0 }));
  }
}

// The keyboard.
const speeds = [...speed.options].map((option) => option.value);
/** @param {number} step */
function quicker(step) {
  const at = Math.min(Math.max(0, speeds.indexOf(speed.value) + step), speeds.length - 1);
  speed.value = speeds[at];
  player.setSpeed(Number(speeds[at]));
}
/** @type {Record<string, (() => void) | undefined>} */
const keys = {
  Enter: confirm, n: () => rate(null), j: () => go(items.active + 1), k: () => go(items.active - 1),
  ArrowDown: () => go(items.active + 1), ArrowUp: () => go(items.active - 1), " ": () => player.toggle(),
  e: () => moment(seenMoment + 1), c: () => items.input?.focus(), s: askToSign, "?": () => help.showModal(),
  u: () => go(Math.max(0, data.items.findIndex((item) => !item.grade))), "<": () => quicker(-1), ">": () => quicker(1),
  ",": () => quicker(-1), ".": () => quicker(1),
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const target = targetOf(event);
  if (target instanceof HTMLInputElement && target.classList.contains("comment")) {
    if (event.key === "Enter") {
      event.preventDefault();
      comment(items.item, target.value.trim());
      if (items.item.grade?.decision === "overridden" && !target.value.trim()) say(words.comment_missing);
      else go(items.active + (items.item.grade ? 1 : 0));
    } else if (event.key === "Escape") items.focus();
    return;
  }
  // Controls keep the keys that are theirs.
  if (target?.matches("select, input:not([type=range])")) return;
  if (target?.matches("button, a") && (event.key === "Enter" || event.key === " ")) return;
  if (event.key === "ArrowLeft" || event.key === "ArrowRight") {
    event.preventDefault();
    player.seek(player.time + (event.key === "ArrowRight" ? 1 : -1) * (event.shiftKey ? 30 : 5));
    return;
  }
  const level = data.levels.find((one) => String(one.level) === event.key);
  const act = level ? () => rate(level.level) : keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
  if (!act) return;
  event.preventDefault();
  act();
});
$("help-open").addEventListener("click", () => help.showModal());
$("sign").addEventListener("click", askToSign);
$("sign-yes").addEventListener("click", sign);
for (const button of all(document, "[data-close]", HTMLElement)) button.addEventListener("click", () => button.closest("dialog")?.close());
for (const dialog of all(document, "dialog", HTMLDialogElement)) dialog.addEventListener("close", () => items.focus());
window.addEventListener("beforeunload", (event) => {
  if (saver.count) event.preventDefault();
});

count();
items.focus();
load().catch(() => say(fill("unsent", { count: 0 })));
