/** Marking the landmarks of a back. Everything is in pixels of the picture; the server turns them into the back. */
import { all, byId, penOf, targetOf } from "./dom.js";
import { MESSAGES, ORDER, PAIRS, describe } from "./messages.js";

/** @param {string} id */
const $ = (id) => byId(id, HTMLElement);
const view = byId("view", SVGSVGElement);
const picture = byId("picture", SVGElement);
const fitted = byId("fitted", SVGElement);
const ghosts = byId("ghosts", SVGElement);
const handles = byId("handles", SVGElement);
const guideMarks = byId("guide-marks", SVGElement);
const loupe = byId("loupe", HTMLCanvasElement);
const measuredField = byId("measured", HTMLInputElement);
const showGrid = byId("show-grid", HTMLInputElement);
const when = byId("when", HTMLInputElement);
const saveButton = byId("save", HTMLButtonElement);
const SVG = "http://www.w3.org/2000/svg";
const LOUPE_ZOOM = 3;
const SPINE = new Set(["C7", "T3", "T7", "T12"]);

const page = {
  /** @type {Calibrate.State} */
  state: (await ask("api/state"))[1],
  /** @type {Calibrate.Language} */
  lang: "id",
  frame: 0,
  now: ORDER[0],
  /** @type {Map<string, Calibrate.Point>} */
  points: new Map(),
  /** @type {Set<string>} */
  automatic: new Set(),
  /** @type {Calibrate.Fit | null} */
  fit: null,
  /** @type {Calibrate.Text | null} */
  problem: null,
  touched: false,
  /** C7 to T7 in cm as the markers of the shown frame say. @type {number | null} */
  byMarkers: null,
  /** @type {Calibrate.Dragging | null} */
  dragging: null,
  /** @type {HTMLImageElement | null} */
  bitmap: null,
  asked: 0,
  timer: 0,
  saved: false,
};
/**
 * The words of that key, with what belongs into them.
 * @param {string} key
 * @param {string | number} [value]
 * @returns {string}
 */
const t = (key, value = "") => {
  /** @type {Record<string, string | ((value: never) => string)>} */
  const words = MESSAGES[page.lang];
  const text = words[key];
  return typeof text === "function" ? /** @type {(value: string | number) => string} */ (text)(value) : text;
};
/**
 * What is to be said in both languages, as the server says it.
 * @param {"notNumber" | "gone"} key
 * @returns {Calibrate.Text}
 */
const both = (key) => ({ id: MESSAGES.id[key], en: MESSAGES.en[key] });
/**
 * @param {number} value
 * @param {number} digits
 */
const number = (value, digits) => value.toLocaleString(page.lang === "id" ? "id-ID" : "en-GB", { minimumFractionDigits: digits, maximumFractionDigits: digits });

/**
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} name
 * @param {Record<string, string | number>} attributes
 * @param {Element} parent
 */
function make(name, attributes, parent) {
  const element = document.createElementNS(SVG, name);
  set(element, attributes);
  parent.append(element);
  return element;
}

/**
 * @param {string} address
 * @param {object} [body]
 */
async function ask(address, body) {
  const response = await fetch(address, body === undefined ? {} : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });
  return /** @type {const} */ ([response.status, await response.json()]);
}

/** How many picture pixels a screen pixel is: handles keep their size on the screen. */
const unit = () => {
  const [width, height] = page.state.image_size;
  const box = view.getBoundingClientRect();
  return Math.max(width / box.width, height / box.height);
};

/**
 * @param {PointerEvent} event
 * @returns {Calibrate.Point}
 */
function pictureAt(event) {
  const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(view.getScreenCTM()?.inverse());
  const [width, height] = page.state.image_size;
  return [Math.min(Math.max(point.x, 0), width), Math.min(Math.max(point.y, 0), height)];
}

/* ---- what is marked ---- */
/**
 * @param {string} name
 * @param {Calibrate.Point} at
 */
function place(name, at) {
  const [width, height] = page.state.image_size;
  page.points.set(name, [Math.min(Math.max(at[0], 0), width), Math.min(Math.max(at[1], 0), height)]);
  page.automatic.delete(name);
  page.touched = true;
  changed();
}

/** @param {string} name */
function remove(name) {
  page.points.delete(name);
  page.automatic.delete(name);
  page.touched = true;
  choose(name);
  changed();
}

/** @param {string} name */
function choose(name) {
  page.now = name;
  draw();
}

function nextUnplaced() {
  const from = ORDER.indexOf(page.now);
  for (let i = 1; i <= ORDER.length; i += 1) {
    const name = ORDER[(from + i) % ORDER.length];
    if (!page.points.has(name)) return name;
  }
  return page.now;
}

function changed() {
  draw();
  clearTimeout(page.timer);
  page.timer = window.setTimeout(fit, 120);
}

function measured() {
  const text = measuredField.value.trim().replace(",", ".");
  if (!text) return null;
  const value = Number(text);
  return Number.isFinite(value) && value > 0 ? value : NaN;
}

function document_() {
  const cm = measured();
  const marks = ORDER.flatMap((name) => {
    const at = page.points.get(name);
    return at ? [[name, at.map((v) => Math.round(v * 100) / 100)]] : [];
  });
  return {
    frame: page.frame,
    landmarks: Object.fromEntries(marks),
    automatic: [...page.automatic],
    ...(cm ? { scale: { from: "C7", to: "T7", cm } } : {}),
  };
}

async function fit() {
  const asked = ++page.asked;
  const names = [...page.points.keys()];
  measuredField.setAttribute("aria-invalid", String(Number.isNaN(measured())));
  if (names.length < page.state.fewest || names.every((n) => SPINE.has(n)) || Number.isNaN(measured())) {
    page.fit = null;
    page.problem = Number.isNaN(measured()) ? both("notNumber") : null;
    draw();
    return;
  }
  try {
    const [status, answer] = await ask("api/fit", document_());
    if (asked !== page.asked) return;
    page.fit = status === 200 ? answer : null;
    page.problem = status === 200 ? null : answer.error;
  } catch {
    if (page.saved) return;
    page.fit = null;
    page.problem = both("gone");
  }
  draw();
}

/* ---- drawing ---- */
function draw() {
  drawFitted();
  drawHandles();
  drawList();
  drawNow();
  drawMarked();
  drawVerdict();
}

/** @param {Calibrate.Run[]} runs */
const path = (runs) => runs.map((run) => `M${run.map((p) => p.join(" ")).join("L")}`).join("");

function drawFitted() {
  fitted.replaceChildren();
  ghosts.replaceChildren();
  if (!page.fit) return;
  const u = unit();
  if (showGrid.checked) {
    for (const run of page.fit.grid) make("path", { d: path([run]), class: "grid-line", "stroke-width": 1.1 * u }, fitted);
    for (const [name, runs] of Object.entries(page.fit.outlines)) {
      if (!runs.length) continue;
      const kind = name.includes("rib") ? "rib" : name === "spine" ? "spine" : "blade";
      make("path", { d: path(runs), class: "under", "stroke-width": 4.4 * u }, fitted);
      make("path", { d: path(runs), class: `bone ${kind}`, "stroke-width": 2.2 * u }, fitted);
    }
  }
  for (const name of ORDER) {
    const at = page.fit.expected[name];
    if (page.points.has(name) || !at || name.includes("acromion")) continue;
    const ghost = make("g", { class: "ghost", transform: `translate(${at[0]} ${at[1]})` }, ghosts);
    make("circle", { r: 9 * u, "stroke-width": 1.6 * u }, ghost);
  }
}

function drawHandles() {
  const u = unit();
  const focused = document.activeElement?.getAttribute("data-name");
  const alive = new Map(all(handles, ":scope > g", SVGElement).map((g) => [g.dataset.name ?? "", g]));
  for (const [name, group] of alive) if (!page.points.has(name)) group.remove();
  for (const name of ORDER) {
    const at = page.points.get(name);
    if (!at) continue;
    let group = alive.get(name);
    if (!group) {
      group = make("g", { tabindex: 0, role: "button", "data-name": name }, handles);
      for (const kind of ["edge", "ring", "dot"]) make("circle", { class: kind }, group);
      make("text", { "text-anchor": "start" }, group);
    }
    const [edge, ring, dot, text] = group.children;
    set(ring, { r: 12 * u, "stroke-width": 2.4 * u });
    set(edge, { r: 14 * u, "stroke-width": 1.4 * u });
    set(dot, { r: 2.2 * u });
    set(text, { x: 17 * u, y: 5 * u, "font-size": 13 * u, "stroke-width": 3 * u });
    text.textContent = name === page.now || SPINE.has(name) ? describe(name, page.lang)[0].split(",")[0] : "";
    group.setAttribute("transform", `translate(${at[0]} ${at[1]})`);
    group.setAttribute("aria-label", describe(name, page.lang)[0]);
    group.setAttribute("class", ["handle", name === page.now && "now", page.automatic.has(name) && "automatic",
      page.fit?.suspects.includes(name) && "suspect"].filter(Boolean).join(" "));
  }
  if (focused && page.points.has(focused)) focusHandle(focused);
}

/** @param {string} name */
function focusHandle(name) {
  all(handles, `[data-name="${name}"]`, SVGElement).at(0)?.focus({ preventScroll: true });
}

/**
 * @param {Element} element
 * @param {Record<string, string | number>} attributes
 */
function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
}

function drawList() {
  const list = $("list");
  list.setAttribute("aria-label", t("points"));
  if (!list.children.length) {
    /**
     * @param {HTMLElement} line
     * @param {string} name
     */
    const add = (line, name) => {
      const item = document.createElement("button");
      item.type = "button"; item.className = "point"; item.dataset.name = name; item.setAttribute("role", "option");
      item.addEventListener("click", () => choose(name));
      line.append(item);
    };
    const row = () => {
      const element = document.createElement("div");
      element.setAttribute("role", "presentation");
      list.append(element);
      return element;
    };
    const spine = row();
    spine.className = "spine-row";
    for (const name of ["C7", "T3", "T7", "T12"]) add(spine, name);
    for (const pair of PAIRS) {
      const line = row();
      const label = document.createElement("span");
      label.dataset.pair = pair;
      line.className = "pair-row";
      line.append(label);
      for (const where of ["left", "right"]) add(line, `${where}_${pair}`);
    }
  }
  for (const label of all(list, "[data-pair]", HTMLElement)) label.textContent = describe(`left_${label.dataset.pair}`, page.lang)[0].split(",")[0];
  for (const item of all(list, ".point", HTMLElement)) {
    const { name = "" } = item.dataset;
    const placed = page.points.has(name);
    item.classList.toggle("placed", placed && !page.automatic.has(name));
    item.classList.toggle("automatic", page.automatic.has(name));
    item.classList.toggle("suspect", placed && Boolean(page.fit?.suspects.includes(name)));
    item.setAttribute("aria-selected", String(name === page.now));
    item.setAttribute("aria-label", describe(name, page.lang)[0]);
    item.textContent = SPINE.has(name) ? name : t(name.startsWith("left") ? "left" : "right");
  }
}

function drawNow() {
  const [name, where] = describe(page.now, page.lang);
  $("step").textContent = t("step", ORDER.indexOf(page.now) + 1) + (page.automatic.has(page.now) ? ` · ${t(begunByMarkers() ? "byMarker" : "automatic")}` : "");
  $("name").textContent = name;
  $("where").textContent = where;
  $("hint").textContent = page.points.has(page.now) ? t("hintMove") : t("hintPlace");
  for (const old of all(guideMarks, "circle", SVGElement)) old.remove();
  for (const each of [...ORDER.filter((n) => n !== page.now), page.now]) {
    const [x, y] = page.state.landmarks[each];
    const now = each === page.now;
    if (now) make("circle", { class: "halo", cx: 100 * x, cy: 100 * y, r: 300 }, guideMarks);
    make("circle", { class: `mark${page.points.has(each) ? " placed" : ""}${now ? " now" : ""}`, cx: 100 * x, cy: 100 * y, r: now ? 165 : 105 }, guideMarks);
  }
}

/** Whether this frame's landmarks were begun from printed markers. */
const begunByMarkers = () => page.frame in page.state.marked && !page.state.start;

function drawMarked() {
  const kept = [...page.automatic].length;
  $("marked").hidden = !begunByMarkers() || !kept;
  $("marked").textContent = t("marked", kept);
  $("measured-why").textContent = t(page.byMarkers === null ? "measuredWhy" : "measuredByMarkers");
}

function drawVerdict() {
  const box = $("verdict");
  const count = page.points.size;
  let level = "";
  let fitText;
  let advice = "";
  if (page.problem) [level, fitText] = ["bad", page.problem[page.lang]];
  else if (!page.fit) fitText = t("needMore", Math.max(1, page.state.fewest - count));
  else {
    const { verdict } = page.fit;
    level = verdict.level;
    fitText = verdict.fit[page.lang];
    advice = [...verdict.advice.map((text) => text[page.lang]), ...(level === "bad" ? [] : [t("check")])].join(" ");
  }
  box.className = `card tight ${level}`;
  $("fit").textContent = fitText;
  $("advice").textContent = advice;
  saveButton.disabled = !page.fit || page.saved;
  saveButton.textContent = t("save");
}

function drawWords() {
  document.documentElement.lang = page.lang;
  document.title = `Pijat · ${t("title")}`;
  for (const element of all(document, "[data-t]", Element)) element.textContent = t(element.getAttribute("data-t") ?? "");
  for (const lang of ["id", "en"]) $(`lang-${lang}`).setAttribute("aria-pressed", String(lang === page.lang));
  $("previous").setAttribute("aria-label", t("previous"));
  $("next").setAttribute("aria-label", t("next"));
  $("video").textContent = page.state.video;
  if (page.byMarkers !== null) measuredField.value = number(page.byMarkers, 1);
  drawTime();
  draw();
}

function drawTime() {
  const { frames } = page.state;
  const sharpest = frames.reduce((best, one, i) => (one.sharpness > frames[best].sharpness ? i : best), 0);
  $("when-text").textContent = t("seconds", number(frames[page.frame].time_s, 1)) + (frames.length > 1 && page.frame === sharpest ? ` · ${t("sharpest")}` : "");
}

/* ---- the loupe ---- */
/** @param {string} name of the landmark that is looked at closely */
function showLoupe(name) {
  const image = page.bitmap;
  const at = page.points.get(name);
  if (!image || !at) return;
  const context = penOf(loupe);
  const size = loupe.width;
  const span = (size / LOUPE_ZOOM) * unit();
  context.fillStyle = "#211D1A";
  context.fillRect(0, 0, size, size);
  context.drawImage(image, at[0] - span / 2, at[1] - span / 2, span, span, 0, 0, size, size);
  context.strokeStyle = "rgba(255,255,255,.9)"; context.lineWidth = 1.2;
  context.beginPath();
  for (const [a, b] of [[0, size / 2 - 8], [size / 2 + 8, size]]) {
    context.moveTo(a, size / 2); context.lineTo(b, size / 2); context.moveTo(size / 2, a); context.lineTo(size / 2, b);
  }
  context.stroke();
  context.beginPath(); context.arc(size / 2, size / 2, 3, 0, 7); context.stroke();
  const screen = new DOMPoint(at[0], at[1]).matrixTransform(view.getScreenCTM() ?? undefined);
  const box = $("photo").getBoundingClientRect();
  const left = screen.x - box.left + 40 + size > box.width ? screen.x - box.left - 40 - size : screen.x - box.left + 40;
  const top = Math.min(Math.max(screen.y - box.top - size / 2, 4), box.height - size - 4);
  loupe.style.setProperty("left", `${left}px`);
  loupe.style.setProperty("top", `${top}px`);
  loupe.hidden = false;
}

/* ---- hands on ---- */
/** @type {Record<string, Calibrate.Point | undefined>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
view.addEventListener("pointerdown", (event) => {
  if (event.button !== 0 || page.saved) return;
  event.preventDefault();
  const held = targetOf(event)?.closest(".handle")?.getAttribute("data-name");
  const at = pictureAt(event);
  const start = held ? page.points.get(held) : undefined;
  const name = held && start ? held : page.points.has(page.now) ? nextUnplaced() : page.now;
  if (start) {
    page.dragging = { name, dx: start[0] - at[0], dy: start[1] - at[1], moved: false };
    choose(name);
  } else {
    if (page.points.has(name)) return;
    page.now = name;
    page.dragging = { name, dx: 0, dy: 0, moved: true, fresh: true };
    place(name, at);
  }
  focusHandle(name);
  showLoupe(name);
  view.setPointerCapture(event.pointerId);
});
view.addEventListener("pointermove", (event) => {
  if (!page.dragging) return;
  const at = pictureAt(event);
  page.dragging.moved = true;
  place(page.dragging.name, [at[0] + page.dragging.dx, at[1] + page.dragging.dy]);
  showLoupe(page.dragging.name);
});
function letGo() {
  if (!page.dragging) return;
  const { fresh } = page.dragging;
  page.dragging = null;
  loupe.hidden = true;
  if (fresh) choose(nextUnplaced());
}
view.addEventListener("pointerup", letGo);
view.addEventListener("pointercancel", letGo);
handles.addEventListener("focusin", (event) => {
  const name = targetOf(event)?.getAttribute("data-name");
  if (name && name !== page.now && !page.dragging) choose(name);
});
handles.addEventListener("keydown", (event) => {
  const name = targetOf(event)?.closest(".handle")?.getAttribute("data-name");
  const at = name ? page.points.get(name) : undefined;
  if (!name || !at || page.saved) return;
  const step = (event.shiftKey ? 10 : event.altKey ? 0.25 : 1) * Math.max(1, page.state.image_size[0] / 1280);
  const by = ARROWS[event.key];
  if (by) {
    event.preventDefault();
    place(name, [at[0] + step * by[0], at[1] + step * by[1]]);
  } else if (event.key === "Delete" || event.key === "Backspace") {
    event.preventDefault();
    remove(name);
  }
});
measuredField.addEventListener("input", () => { page.byMarkers = null; changed(); });
showGrid.addEventListener("change", draw);
$("lang-id").addEventListener("click", () => { page.lang = "id"; drawWords(); });
$("lang-en").addEventListener("click", () => { page.lang = "en"; drawWords(); });
when.addEventListener("input", () => show(Number(when.value)));
$("previous").addEventListener("click", () => show(page.frame - 1));
$("next").addEventListener("click", () => show(page.frame + 1));
window.addEventListener("resize", draw);
saveButton.addEventListener("click", async () => {
  saveButton.disabled = true;
  saveButton.textContent = t("saving");
  try {
    const [status, answer] = await ask("api/save", document_());
    if (status === 200) {
      page.saved = true;
      $("saved-path").textContent = answer.path;
      byId("done", HTMLDialogElement).showModal();
      return;
    }
    page.problem = answer.error;
  } catch {
    page.problem = both("gone");
  }
  page.fit = null;
  draw();
});

/** Printed markers give the size too; a length that a person has typed stays. */
function takeMarkers() {
  const typed = measuredField.value.trim() !== "" && page.byMarkers === null;
  const cm = page.state.marked[page.frame] ?? null;
  if (!typed) {
    page.byMarkers = cm;
    measuredField.value = cm === null ? "" : number(cm, 1);
  }
}

/**
 * Show another frame; what the program found there is taken up as long as the person has marked nothing.
 * @param {number} index
 */
function show(index) {
  const { frames, guesses } = page.state;
  page.frame = Math.min(Math.max(index, 0), frames.length - 1);
  when.value = String(page.frame);
  drawTime();
  picture.setAttribute("href", `api/frame/${page.frame}`);
  const image = new Image();
  image.src = `api/frame/${page.frame}`;
  image.addEventListener("load", () => { page.bitmap = image; });
  const found = guesses[page.frame];
  if (!page.touched && !page.state.start) {
    page.points = new Map(Object.entries(found ?? {}));
    page.automatic = new Set(page.points.keys());
    page.now = ORDER.find((n) => !page.points.has(n)) ?? ORDER[0];
    takeMarkers();
  }
  changed();
}

const { state } = page;
view.setAttribute("viewBox", `0 0 ${state.image_size.join(" ")}`);
set(picture, { width: state.image_size[0], height: state.image_size[1] });
when.max = String(state.frames.length - 1);
if (state.start) {
  page.points = new Map(Object.entries(state.start.landmarks));
  page.automatic = new Set(state.start.automatic_landmarks ?? []);
  if (state.start.scale?.from === "C7" && state.start.scale.to === "T7") measuredField.value = String(state.start.scale.cm);
}
page.now = page.points.has("C7") ? "C7" : ORDER.find((n) => !page.points.has(n)) ?? ORDER[0];
drawWords();
show(state.chosen);
document.body.dataset.ready = "yes";
