// Grading a demonstration by keyboard: watch, judge, go on; the server has every grade at once.
import { Items } from "./items.js";
import { Player } from "./player.js";
import { Replay, parseThumbs } from "./replay.js";
import { Saver } from "./saver.js";
import { Timeline, clock } from "./timeline.js";

const byId = (id) => document.getElementById(id);
const data = JSON.parse(byId("document").textContent);
const words = JSON.parse(byId("words").textContent);
const fill = (key, values) => words[key].replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
const address = `/api/sessions/${data.session}`;
let replay = null;
let timeline = null;
let seenMoment = -1;

// What is watched.
const player = new Player(byId("video"), data.duration_s, (time) => {
  byId("clock").textContent = clock(time);
  byId("times").textContent = `${clock(time)} / ${clock(player.duration)}`;
  byId("scrub").max = player.duration;
  if (document.activeElement !== byId("scrub") || player.playing) byId("scrub").value = time;
  byId("play").textContent = player.playing ? words.pause : words.play;
  replay?.draw(time);
  timeline?.draw(time);
});
byId("play").addEventListener("click", () => player.toggle());
byId("scrub").addEventListener("input", () => player.seek(Number(byId("scrub").value)));
byId("speed").addEventListener("change", () => player.setSpeed(Number(byId("speed").value)));

const say = (sentence) => {
  byId("trouble").textContent = sentence ?? "";
  byId("trouble").hidden = !sentence;
};

async function load() {
  const failed = [];
  if (!data.video) {
    const answer = await fetch(data.thumbs);
    if (answer.ok) replay = new Replay(byId("back"), parseThumbs(await answer.arrayBuffer()));
    else failed.push((await answer.json()).error);
  }
  if (data.timeline) {
    const answer = await fetch(data.timeline);
    if (answer.ok) {
      timeline = new Timeline({ near: byId("near"), whole: byId("whole") }, await answer.json(), {
        duration: player.duration, colours: data.colours, unsureBelow: data.unsure_below, words, seek: (time) => player.seek(time),
      });
      legend();
      timeline.evidence = items.item.camera?.evidence ?? [];
    } else failed.push((await answer.json()).error);
  }
  player.tell();
  if (failed.length) say(failed.join(" "));
}

function legend() {
  const used = new Set(timeline.data.strokes.map((stroke) => stroke[2]));
  for (const kind of Object.keys(data.colours)) {
    if (!used.has(kind)) continue;
    const entry = document.createElement("li");
    const patch = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    patch.setAttribute("viewBox", "0 0 12 12");
    const square = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    for (const [name, value] of Object.entries({ width: 12, height: 12, rx: 2, fill: data.colours[kind] })) square.setAttribute(name, value);
    patch.append(square);
    entry.append(patch, words[`stroke_${kind}`]);
    byId("legend").append(entry);
  }
}

// What is graded.
const began = performance.now();
let away = 0;
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
  list: byId("items"), document: data, words, clock,
  rate: (level) => rate(level), unseen: () => rate(null), evidence: (index) => moment(index),
  comment: (item, text) => comment(item, text), choose: (index) => go(index),
});
const saver = new Saver({
  address: `${address}/grades`, version: data.version, key: `pijat-grading-${data.mark}`, spent,
  revisions: Object.fromEntries(data.items.filter((item) => item.grade).map((item) => [item.id, item.grade.revision])),
  changed(state, count, why) {
    byId("saving").textContent = { saved: words.all_saved, saving: words.saving }[state] ?? "";
    byId("saving").dataset.state = state;
    if (state === "unsent") say(fill("unsent", { count }));
    else if (state === "enter") say(fill("enter_again", { count }));
    else if (state === "refused") say(fill("refused_save", { why }));
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
const find = (id) => data.items.find((item) => item.id === id);
for (const [id, mine] of saver.waiting) if (find(id)) find(id).grade = expected(find(id), mine.level, mine.comment);

/** The grade as the server will call it; its own word replaces this one. */
function expected(item, level, text) {
  const known = item.camera?.level ?? null;
  const decision = level === null ? "not_observed" : known === null ? (item.person ? "ticked" : "rated") : known === level ? "confirmed" : "overridden";
  return { level, comment: text, decision, revision: item.grade?.revision ?? 0 };
}

function rate(level) {
  const item = items.item;
  const text = items.input?.value.trim() ?? item.grade?.comment ?? "";
  item.grade = expected(item, level, text);
  saver.save(item.id, level, text);
  items.paint(item);
  count();
  if (item.grade.decision === "overridden" && !text) {
    say(words.comment_missing);
    items.input.focus();
  } else go(items.active + 1);
}

function comment(item, text) {
  if (!item.grade || item.grade.comment === text) return;
  item.grade = expected(item, item.grade.level, text);
  saver.save(item.id, item.grade.level, text);
  if (text && byId("trouble").textContent === words.comment_missing) say(null);
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

function go(index) {
  items.show(index);
  items.focus();
  seenMoment = -1;
  if (timeline) {
    timeline.evidence = items.item.camera?.evidence ?? [];
    timeline.draw(player.time);
  }
}

function moment(index) {
  const all = items.item.camera?.evidence ?? [];
  if (!all.length) {
    say(words.evidence_none);
    return;
  }
  seenMoment = index % all.length;
  player.seek(Math.max(0, all[seenMoment][0] - 0.5));
  player.play();
}

const shown = (grade) => `${grade.level ?? words.not_seen}${grade.comment ? ` – ${grade.comment}` : ""}`;
const undecided = [];
function settle(item, mine, theirs) {
  undecided.push([item, mine, theirs]);
  if (undecided.length === 1) askWhichCounts();
}

function askWhichCounts() {
  const [item, mine, theirs] = undecided[0];
  byId("conflict-title").textContent = `${item.number}. ${item.title}`;
  byId("conflict-mine").textContent = fill("conflict_mine", { mine: shown(mine) });
  byId("conflict-theirs").textContent = fill("conflict_theirs", { theirs: shown(theirs) });
  const end = (whose) => {
    byId("conflict").close();
    item.grade = whose === "theirs" ? theirs : { ...expected(item, mine.level, mine.comment), revision: theirs.revision };
    items.show(items.active);
    saver.settle(item.id, whose);
    count();
    undecided.shift();
    if (undecided.length) askWhichCounts();
  };
  byId("conflict-mine").onclick = () => end("mine");
  byId("conflict-theirs").onclick = () => end("theirs");
  // Esc must not leave the two undecided; browsers close a dialog at the second one all the same.
  byId("conflict").oncancel = (event) => event.preventDefault();
  byId("conflict").onclose = () => undecided.length && !byId("conflict").open && askWhichCounts();
  if (!byId("conflict").open) byId("conflict").showModal();
}

function sums() {
  const rated = data.items.filter((item) => item.grade && item.grade.level !== null);
  const most = rated.reduce((sum, item) => sum + item.max_points, 0);
  const points = rated.reduce((sum, item) => sum + (item.grade.level / data.best) * item.max_points, 0);
  return { points, most, percent: most ? Math.round((100 * points) / most) : null };
}

function count() {
  byId("count").textContent = fill("graded_count", { done: data.items.filter((item) => item.grade).length, all: data.items.length });
  const { percent } = sums();
  byId("total").textContent = percent === null ? "" : fill("your_total", { percent });
  byId("sign").hidden = data.signed;
  byId("signed").hidden = !data.signed;
  if (data.signed) byId("signed").textContent = words.signed;
}

// The signature.
function askToSign() {
  if (data.signed) return;
  const left = data.items.findIndex((item) => !item.grade);
  const unsaid = data.items.findIndex((item) => item.grade?.decision === "overridden" && !item.grade.comment);
  if (left >= 0 || unsaid >= 0) {
    go(left >= 0 ? left : unsaid);
    const counted = data.items.filter((item) => (left >= 0 ? !item.grade : item.grade.decision === "overridden" && !item.grade.comment)).length;
    say(fill(left >= 0 ? "items_left" : "comments_left", { count: counted }));
    return;
  }
  const { points, most, percent } = sums();
  byId("sign-text").textContent = most
    ? fill("sign_text", { name: data.grader, points: Number(points.toFixed(2)), most, percent })
    : fill("sign_no_points", { name: data.grader });
  byId("sign-dialog").showModal();
  byId("sign-yes").focus();
}

async function sign() {
  byId("sign-dialog").close();
  if (!(await saver.flushed())) return;
  try {
    const answer = await fetch(`${address}/sign`, {
      method: "POST", headers: { "content-type": "application/json" },
      body: JSON.stringify({ version: saver.version, spent_s: spent() }),
    });
    const body = await answer.json();
    if (answer.ok) location.reload();
    else if (answer.status === 409) {
      saver.meet(null, null, body);
      say(words.conflict);
    } else if (answer.status === 401) say(fill("enter_again", { count: 0 }));
    else say(fill("refused_save", { why: body.error }));
  } catch {
    say(fill("unsent", { count: 0 }));
  }
}

// The keyboard.
const speeds = [...byId("speed").options].map((option) => option.value);
function quicker(step) {
  const at = Math.min(Math.max(0, speeds.indexOf(byId("speed").value) + step), speeds.length - 1);
  byId("speed").value = speeds[at];
  player.setSpeed(Number(speeds[at]));
}
const keys = {
  Enter: confirm, n: () => rate(null), j: () => go(items.active + 1), k: () => go(items.active - 1),
  ArrowDown: () => go(items.active + 1), ArrowUp: () => go(items.active - 1), " ": () => player.toggle(),
  e: () => moment(seenMoment + 1), c: () => items.input.focus(), s: askToSign, "?": () => byId("help").showModal(),
  u: () => go(Math.max(0, data.items.findIndex((item) => !item.grade))), "<": () => quicker(-1), ">": () => quicker(1),
  ",": () => quicker(-1), ".": () => quicker(1),
};
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const target = event.target;
  if (target.classList.contains("comment")) {
    if (event.key === "Enter") {
      event.preventDefault();
      comment(items.item, target.value.trim());
      if (items.item.grade?.decision === "overridden" && !target.value.trim()) say(words.comment_missing);
      else go(items.active + (items.item.grade ? 1 : 0));
    } else if (event.key === "Escape") items.focus();
    return;
  }
  // Controls keep the keys that are theirs.
  if (target.matches("select, input:not([type=range])")) return;
  if (target.matches("button, a") && (event.key === "Enter" || event.key === " ")) return;
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
byId("help-open").addEventListener("click", () => byId("help").showModal());
byId("sign").addEventListener("click", askToSign);
byId("sign-yes").addEventListener("click", sign);
for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", () => button.closest("dialog").close());
for (const dialog of document.querySelectorAll("dialog")) dialog.addEventListener("close", () => items.focus());
window.addEventListener("beforeunload", (event) => saver.count && event.preventDefault());

count();
items.focus();
load().catch(() => say(fill("unsent", { count: 0 })));
