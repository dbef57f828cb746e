// The practice page: choose, learn, set up, practise, see the result. docs/live-protocol.md is the contract.
import { Camera, CameraError } from "./camera.js";
import { Connection } from "./connection.js";
import { all, byId, first, targetOf } from "./dom.js";
import { Stage } from "./draw.js";
import { Lesson } from "./lesson.js";
import { Marking } from "./marking.js";
import { showSummary } from "./summary.js";
import { currentLanguage, number, say, setLanguage, t } from "./texts.js";
import { Voice } from "./voice.js";

const COUNT_DOWN = 5;
const CUE_MS = 5000;
const PANEL_MS = 250; // nobody reads numbers faster, and every change costs the browser a layout
/** @typedef {"loading" | "choose" | "learn" | "setup" | "practise" | "summary"} Screen */
/** @type {Practice.Side[]} */
const SIDES = ["left", "right"];
/** @param {string} id */
const $ = (id) => byId(id, HTMLElement);
const video = byId("video", HTMLVideoElement);
const keepVideo = byId("keep-video", HTMLInputElement);
const blurHead = byId("blur-head", HTMLInputElement);
const cameras = byId("cameras", HTMLSelectElement);
const stopped = byId("stopped", HTMLDialogElement);
const leave = byId("leave", HTMLDialogElement);
const connection = new Connection();
const voice = new Voice();
const camera = new Camera(video, connection);
const stage = new Stage(byId("picture", HTMLCanvasElement), video);
const marking = new Marking($("handles"), stage, (landmarks, size) => connection.send({ type: "landmarks", landmarks, size }));
const lessons = {
  whole: new Lesson(first(document, "[data-lesson=whole]", SVGSVGElement)),
  step: new Lesson(first(document, "[data-lesson=step]", SVGSVGElement)),
};

/** @type {Practice.Hello | null} */
let hello = null;
/** @type {Practice.State} */
let state = "setup";
/** @type {Practice.Protocol | null} */
let protocol = null;
let lessonIndex = 0;
/** @type {Practice.Summary | null} */
let lastSummary = null;
/** @type {number | null} */
let counting = null;
/** @type {Screen} */
let screen = "loading";
/** @type {string | null} */
let paused = null;

// ---- screens

/** @param {Screen} next */
function show(next) {
  screen = next;
  document.body.dataset.screen = next;
  const section = next === "setup" || next === "practise" ? "live" : next;
  for (const one of all(document, "main > section", HTMLElement)) one.hidden = one.id !== section;
  $("setup-panel").hidden = next !== "setup";
  $("practice-panel").hidden = next !== "practise";
  $("where").textContent = ["choose", "loading"].includes(next) ? "" : `${protocol ? say(protocol.title) : ""} · ${t(next === "learn" ? "learn" : next)}`;
  if (next !== "setup") closeMarking();
  if (next === "learn") showLesson(0);
  if (next === "choose" && protocol) lessons.whole.show(protocol, null);
  if (next === "setup") enterSetup();
  if (next !== "choose") lessons.whole.stop();
  if (next !== "learn") lessons.step.stop();
}

/** @param {string | null} text */
function notice(text) {
  $("notice").textContent = text ?? "";
  $("notice").hidden = !text;
}

function relabel() {
  if (!hello || !protocol) return;
  $("sound").textContent = t(voice.on ? "sound_on" : "sound_off");
  drawProtocols();
  drawConfirmations();
  if (screen === "learn") showLesson(lessonIndex);
  if (lastSummary) showSummary(lastSummary, confirmItem);
  drawPractice();
  if (marking.open) marking.show(stage.result?.back, currentLanguage());
  $("mark").textContent = t(marking.open ? "mark_done" : "mark_back");
  $("where").textContent = ["choose", "loading"].includes(screen) ? "" : `${say(protocol.title)} · ${t(screen)}`;
  showPause();
}

// ---- choosing and learning

function drawProtocols() {
  if (!hello || !protocol) return;
  const chosen = protocol;
  $("protocols").replaceChildren(...hello.protocols.map((one) => {
    const label = Object.assign(document.createElement("label"), { className: "option" });
    const input = Object.assign(document.createElement("input"), { type: "radio", name: "protocol", value: one.id, checked: one.id === chosen.id });
    const words = document.createElement("span");
    words.append(Object.assign(document.createElement("b"), { textContent: say(one.title) }), Object.assign(document.createElement("small"), { textContent: say(one.summary) }));
    label.append(input, words);
    input.addEventListener("change", () => configure({ protocol: one.id }));
    return label;
  }));
  $("summary-line").textContent = say(chosen.schedule ?? chosen.summary);
}

/** @param {Partial<Practice.Choices>} choices */
function configure(choices) {
  connection.send({ type: "configure", ...choices });
}

/** @param {Practice.Choices} choices */
function takeChoices(choices) {
  if (!hello) return;
  hello.session = choices;
  protocol = hello.protocols.find((one) => one.id === choices.protocol) ?? hello.protocols[0];
  first(document, `[name=mode][value=${choices.mode}]`, HTMLInputElement).checked = true;
  keepVideo.checked = choices.keep_video;
  blurHead.checked = choices.keep_video ? choices.blur_head : true;
  blurHead.disabled = !choices.keep_video;
  stage.assess = choices.mode === "assess";
  setLanguage(choices.language ?? currentLanguage());
  relabel();
  if (screen === "choose") lessons.whole.show(protocol, null);
}

const lessonSteps = () => protocol?.steps.filter((step) => !step.overall) ?? [];

/** @param {number} index */
function showLesson(index) {
  if (!protocol) return;
  const steps = lessonSteps();
  lessonIndex = Math.min(Math.max(index, 0), steps.length - 1);
  const step = steps[lessonIndex];
  $("lesson-count").textContent = t("step_of", { n: lessonIndex + 1, all: steps.length });
  $("lesson-title").textContent = say(step.title);
  $("lesson-text").textContent = say(step.instruction);
  $("lesson-who").textContent = t(step.observer === "facilitator" ? "seen_by_facilitator" : "seen_by_camera");
  $("lesson-hint").textContent = step.motion ? t("thumbs_move") : "";
  $("lesson-list").replaceChildren(...steps.map((one, at) => {
    const button = Object.assign(document.createElement("button"), { textContent: say(one.title) });
    if (at === lessonIndex) button.setAttribute("aria-current", "step");
    button.addEventListener("click", () => showLesson(at));
    const row = document.createElement("li");
    row.append(button);
    return row;
  }));
  lessons.step.show(protocol, step.motion ? step : { motion: { regions: [], thumbs: {}, duration_s: 1 } });
}

// ---- camera and set-up

async function enterSetup() {
  voice.wake();
  if (!hello) return;
  $("camera-field").hidden = hello.source !== "browser";
  stage.mirrored = hello.source === "browser" && $("mirror").getAttribute("aria-pressed") === "true";
  $("mirror").hidden = hello.source !== "browser";
  video.hidden = hello.source !== "browser";
  video.classList.toggle("mirrored", stage.mirrored);
  drawConfirmations();
  if (hello.source === "browser" && !camera.stream) await openCamera();
}

/** @param {string} [deviceId] */
async function openCamera(deviceId) {
  try {
    await camera.open(deviceId);
    notice(null);
    const devices = await camera.devices();
    cameras.replaceChildren(...devices.map((device, index) => Object.assign(document.createElement("option"), {
      value: device.deviceId, textContent: device.label || t("camera_n", { n: index + 1 }), selected: device.deviceId === camera.deviceId,
    })));
    if (state === "paused" && paused === "camera") connection.send({ type: "resume" });
  } catch (error) {
    notice(t(error instanceof CameraError ? error.reason : "no_camera"));
  }
}

function drawConfirmations() {
  if (!hello || !protocol) return;
  const confirmed = hello.session?.confirmed;
  const items = protocol.steps.filter((step) => step.observer !== "camera");
  $("confirmations").replaceChildren(...items.map((step) => {
    const label = Object.assign(document.createElement("label"), { className: "check" });
    const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: confirmed?.[step.id] === true });
    box.addEventListener("change", () => confirmItem(step.id, box.checked ? true : null));
    label.append(box, Object.assign(document.createElement("span"), { textContent: say(step.title) }));
    return label;
  }));
}

/**
 * @param {string} item
 * @param {boolean | null} done
 */
const confirmItem = (item, done) => connection.send({ type: "confirm", item, done });

/** @param {Practice.Tick[]} ticks */
function drawTicks(ticks) {
  const list = $("ticks");
  // Several points wait for the same thing: it is said once.
  const setup = ticks.filter((tick, index) => ticks.findIndex((one) => one.ok === tick.ok && say(one.text) === say(tick.text)) === index);
  const key = JSON.stringify(setup.map((tick) => [tick.ok, say(tick.text)]));
  if (list.dataset.key !== key) {
    list.dataset.key = key;
    list.replaceChildren(...setup.map((tick) => {
      const row = Object.assign(document.createElement("li"), { textContent: say(tick.text) });
      row.dataset.ok = String(tick.ok);
      return row;
    }));
  }
  const found = setup.find((tick) => tick.code === "back")?.ok === true;
  $("start-hint").textContent = t(marking.open ? "mark_hint" : found ? "start_hint" : "start_weak");
}

function closeMarking() {
  marking.hide();
  $("mark").setAttribute("aria-pressed", "false");
  $("mark").textContent = t("mark_back");
  if (!paused && counting === null) $("stage-note").hidden = true;
}

function countDown() {
  if (counting !== null) return;
  voice.wake();
  closeMarking();
  let left = COUNT_DOWN;
  const tick = () => {
    $("count-down").hidden = false;
    $("count-down").textContent = left > 0 ? String(left) : t("go");
    voice.tone(left > 0 ? 660 : 990, 0.15);
    if (left === 0) {
      connection.send({ type: "start" });
      counting = window.setTimeout(() => {
        $("count-down").hidden = true;
        counting = null;
      }, 700);
      return;
    }
    left -= 1;
    counting = window.setTimeout(tick, 1000);
  };
  counting = 0;
  tick();
}

// ---- practising

/** @type {Practice.Result | null} */
let shown = null;
let drawnAt = 0;

function drawPractice() {
  if (!shown || !protocol) return;
  drawnAt = performance.now();
  const result = shown;
  const steps = lessonSteps().filter((step) => step.observer === "camera");
  const step = protocol.steps.find((one) => one.id === result.step);
  $("step").textContent = step ? say(step.title) : t("all_done");
  const marks = JSON.stringify([result.steps_done, result.step, currentLanguage(), protocol.id]);
  if ($("steps").dataset.key !== marks) {
    $("steps").dataset.key = marks;
    drawSteps(steps, result);
  }
  const seconds = result.remaining_s ?? result.elapsed_s ?? 0;
  $("remaining").textContent = `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, "0")}`;
  $("remaining-label").textContent = t(result.remaining_s == null ? "elapsed" : "remaining");
  $("rounds").textContent = result.rounds == null ? "–" : result.rounds_wanted ? `${result.rounds}/${result.rounds_wanted}` : String(result.rounds);
  for (const side of SIDES) {
    $(`circles-${side}`).textContent = String(Math.floor(result.counts?.[side]?.circles ?? 0));
    $(`passes-${side}`).textContent = String(result.counts?.[side]?.passes ?? 0);
  }
  drawRate(result);
}

/**
 * @param {Practice.Step[]} steps
 * @param {Practice.Result} result
 */
function drawSteps(steps, result) {
  $("steps").replaceChildren(...steps.map((one) => {
    const mark = document.createElement("li");
    mark.className = result.steps_done?.includes(one.id) ? "done" : one.id === result.step ? "now" : "";
    mark.title = say(one.title);
    mark.setAttribute("aria-label", say(one.title));
    return mark;
  }));
}

/** The rate of circling that the protocol asks for, if it asks for one. */
const wantedRate = () => protocol?.steps.find((step) => step.check?.rate_hz)?.check?.rate_hz;

/** @param {Practice.Result} result */
function drawRate(result) {
  const wanted = wantedRate();
  $("rate").hidden = !wanted;
  if (!wanted) return;
  const most = (wanted.maximum ?? 2) * 1.5;
  const bar = first($("rate"), ".ok", HTMLElement);
  const needle = first($("rate"), ".needle", HTMLElement);
  bar.style.left = `${(100 * (wanted.minimum ?? 0)) / most}%`;
  bar.style.right = `${100 - (100 * (wanted.maximum ?? most)) / most}%`;
  const rates = SIDES.map((side) => result.strokes?.[side])
    .map((stroke) => (stroke?.trial_type === "circular_pressure" ? stroke.rate_hz : null))
    .filter((rate) => rate != null);
  needle.hidden = !rates.length;
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / (rates.length || 1);
  needle.style.left = `${Math.min(100, (100 * mean) / most)}%`;
  $("rate-value").textContent = rates.length ? t("per_second", { n: number(mean, 1) }) : "–";
  first($("rate"), ".gauge", Element).setAttribute("aria-label", `${t("rate")}: ${$("rate-value").textContent}`);
}

let cueTimer = 0;

/** @param {Practice.Cue} cue */
function showCue(cue) {
  if (stage.assess) return;
  $("cue").textContent = say(cue.text);
  $("cue").classList.toggle("praise", cue.kind === "praise");
  $("cue").hidden = false;
  stage.target = cue.target_px;
  voice.say(say(cue.text), cue.kind === "praise");
  clearTimeout(cueTimer);
  cueTimer = window.setTimeout(hideCue, CUE_MS);
}

function hideCue() {
  $("cue").hidden = true;
  stage.target = null;
}

function breathe() {
  const pace = protocol?.breaths_per_minute;
  $("breath").hidden = !pace || stage.assess;
  if (!pace) return;
  const phase = ((performance.now() / 1000) * pace) / 60 % 1;
  const size = phase < 0.4 ? phase / 0.4 : 1 - (phase - 0.4) / 0.6;
  first($("breath"), "i", HTMLElement).style.transform = `scale(${0.45 + 0.55 * size})`;
  $("breath-word").textContent = t(phase < 0.4 ? "breathe_in" : "breathe_out");
}
setInterval(() => screen === "practise" && breathe(), 60);

/** Words for the `why` of a state. @type {Record<string, string | undefined>} */
const WHY = { person: "paused_person", hidden: "paused_hidden", camera: "paused_camera", connection: "paused_connection", no_pictures: "no_pictures", loading: "loading_models", saving: "saving" };

function showPause() {
  const key = paused === null ? undefined : WHY[paused];
  const text = key ? t(key) : "";
  if (marking.open) return;
  $("stage-note").textContent = text;
  $("stage-note").hidden = !text;
  $("pause").textContent = t(state === "paused" ? "resume" : "pause");
}

/** @param {Practice.StateMessage} message */
function takeState(message) {
  if (state !== message.state) camera.steady(message.state === "practising");
  state = message.state;
  paused = message.why ?? null;
  if (state === "practising" && screen !== "practise") show("practise");
  if (state === "setup" && ["practise", "summary"].includes(screen)) show("setup");
  if (state === "paused" && screen !== "practise") show("practise");
  if (state !== "practising") {
    hideCue();
    voice.beat(null);
    $("metronome").setAttribute("aria-pressed", "false");
  }
  if (message.why === "failed" && message.text) notice(say(message.text));
  showPause();
  if (state === "paused" && hello?.source === "browser" && !camera.stream && screen === "practise") openCamera();
}

let statusAt = 0;

/** @param {Practice.Result} result */
function takeResult(result) {
  stage.result = result;
  shown = result;
  if (state === "setup" && result.setup) drawTicks(result.setup);
  if (screen === "practise" && performance.now() - drawnAt > PANEL_MS) drawPractice();
  if (result.cue) showCue(result.cue);
  if (marking.open) marking.place();
  const now = performance.now();
  if (now - statusAt < 500) return;
  statusAt = now;
  const recent = connection.latencies.slice(-60).sort((a, b) => a - b);
  const middle = recent[Math.floor(recent.length / 2)];
  $("status").textContent = t("status", {
    fps: number(connection.rate, 0), ms: number(middle, 0), dropped: number((result.frames?.dropped ?? 0) + connection.skipped, 0), size: result.size ? `${result.size[0]}×${result.size[1]}` : "",
  });
}

// ---- what the server says

connection.on("hello", (detail) => {
  hello = detail;
  takeChoices(detail.session ?? { protocol: detail.protocols[0].id, language: currentLanguage(), mode: "coach", keep_video: false, blur_head: true, confirmed: {} });
  notice(detail.active === false ? t("other_tab") : null);
  if (detail.recovered?.length) {
    const links = detail.recovered.map((one) => Object.assign(document.createElement("a"), { href: one.report, target: "_blank", rel: "noopener", textContent: `${one.session} (${number(one.time_s, 0)} s)` }));
    $("recovered").replaceChildren(t("recovered"), " ", ...links.flatMap((link) => [link, " "]));
    $("recovered").hidden = false;
  }
  if (detail.state === "setup") {
    if (screen === "loading" || ["practise", "summary"].includes(screen)) show("choose");
  }
  takeState({ state: detail.state, why: detail.why ?? (detail.state === "paused" ? "connection" : null) });
});
connection.on("lost", () => {
  stage.result = null;
  notice(t("reconnecting"));
});
connection.on("outdated", () => notice(t("restart_page")));
connection.on("choices", (detail) => takeChoices(detail.session ?? detail));
connection.on("state", takeState);
connection.on("result", takeResult);
connection.on("picture", (detail) => {
  stage.bitmap?.close();
  stage.bitmap = detail;
});
connection.on("summary", (detail) => {
  lastSummary = detail;
  showSummary(detail, confirmItem);
  if (screen === "summary") return;
  show("summary");
  if (!stopped.open) $("outcome").focus();
});
connection.on("inactive", (detail) => {
  camera.close();
  $("leave-title").textContent = t("other_tab");
  $("leave-text").textContent = say(detail.text);
  $("leave-yes").textContent = t("use_here");
  if (!leave.open) leave.showModal();
});
connection.on("error", (detail) => detail.code !== "frame" && notice(say(detail.text)));

// ---- what the person does

for (const button of all(document, "[data-language]", HTMLElement)) {
  button.addEventListener("click", () => {
    setLanguage(button.dataset.language ?? "id");
    relabel();
    if (state === "setup") configure({ language: currentLanguage() });
  });
}
for (const button of all(document, "[data-go]", HTMLElement)) {
  button.addEventListener("click", () => show(/** @type {Screen} */ (button.dataset.go)));
}
for (const radio of all(document, "[name=mode]", HTMLInputElement)) {
  radio.addEventListener("change", () => configure({ mode: radio.value === "assess" ? "assess" : "coach" }));
}
keepVideo.addEventListener("change", () => configure({ keep_video: keepVideo.checked, blur_head: true }));
blurHead.addEventListener("change", () => configure({ blur_head: blurHead.checked }));
$("lesson-next").addEventListener("click", () => (lessonIndex + 1 < lessonSteps().length ? showLesson(lessonIndex + 1) : show("setup")));
$("lesson-back").addEventListener("click", () => (lessonIndex > 0 ? showLesson(lessonIndex - 1) : show("choose")));
$("sound").addEventListener("click", () => {
  voice.on = !voice.on;
  if (!voice.on) voice.hush();
  $("sound").setAttribute("aria-pressed", String(voice.on));
  $("sound").textContent = t(voice.on ? "sound_on" : "sound_off");
});
cameras.addEventListener("change", () => openCamera(cameras.value));
$("mirror").addEventListener("click", () => {
  stage.mirrored = !stage.mirrored;
  $("mirror").setAttribute("aria-pressed", String(stage.mirrored));
  video.classList.toggle("mirrored", stage.mirrored);
  if (marking.open) marking.show(null, currentLanguage());
});
$("mark").addEventListener("click", () => {
  if (marking.open) {
    closeMarking();
    return;
  }
  marking.show(stage.result?.back, currentLanguage());
  $("mark").setAttribute("aria-pressed", "true");
  $("mark").textContent = t("mark_done");
  $("stage-note").hidden = true;
});
$("find").addEventListener("click", () => connection.send({ type: "find_back" }));
$("start").addEventListener("click", countDown);
$("metronome").addEventListener("click", () => {
  const on = $("metronome").getAttribute("aria-pressed") !== "true";
  const wanted = wantedRate();
  $("metronome").setAttribute("aria-pressed", String(on));
  voice.beat(on ? ((wanted?.minimum ?? 0.5) + (wanted?.maximum ?? 1.5)) / 2 : null);
});
$("pause").addEventListener("click", () => connection.send(state === "paused" ? { type: "resume" } : { type: "pause", why: "person" }));
$("finish").addEventListener("click", () => connection.send({ type: "stop", reason: "finished" }));
$("stop").addEventListener("click", stopForPain);
$("stopped-ok").addEventListener("click", () => stopped.close());
$("again").addEventListener("click", () => {
  lastSummary = null;
  connection.send({ type: "again" });
});
$("other").addEventListener("click", () => {
  lastSummary = null;
  connection.send({ type: "again" });
  show("choose");
});
$("leave-yes").addEventListener("click", () => {
  leave.close();
  connection.send({ type: "take_over" });
  if (hello?.source === "browser" && ["setup", "practise"].includes(screen)) openCamera();
});
camera.addEventListener("gone", () => {
  camera.close();
  notice(t("paused_camera"));
  if (state === "practising") connection.send({ type: "pause", why: "camera" });
});
camera.addEventListener("devices", () => {
  if (!camera.stream && ["setup", "practise"].includes(screen)) openCamera();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden && state === "practising") connection.send({ type: "pause", why: "hidden" });
  if (!document.hidden && state === "paused" && paused === "hidden") connection.send({ type: "resume" });
});
document.addEventListener("keydown", (event) => {
  if (screen !== "practise" || targetOf(event)?.closest("dialog")) return;
  if (event.key !== "Escape") return;
  event.preventDefault(); // the same key would close the words that now come
  stopForPain();
});
addEventListener("resize", () => marking.open && marking.place());

function stopForPain() {
  if (!["practising", "paused"].includes(state)) return;
  voice.hush();
  if (!stopped.open) stopped.showModal(); // at once: what to do now cannot wait for the session to be written
  connection.send({ type: "stop", reason: "pain" });
}

setLanguage("id");
globalThis.pijat = { connection, camera, stage }; // for measurements in the browser's own console
