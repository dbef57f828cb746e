// The practice page: choose, learn, set up, practise, see the result. docs/live-protocol.md is the contract.
import { Camera } from "./camera.js";
import { Connection } from "./connection.js";
import { Stage } from "./draw.js";
import { Lesson } from "./lesson.js";
import { Marking } from "./marking.js";
import { showSummary } from "./summary.js";
import { currentLanguage, number, say, setLanguage, t } from "./texts.js";
import { Voice } from "./voice.js";

const COUNT_DOWN = 5;
const CUE_MS = 5000;
const PANEL_MS = 250; // nobody reads numbers faster, and every change costs the browser a layout
const $ = (id) => document.getElementById(id);
const connection = new Connection();
const voice = new Voice();
const camera = new Camera($("video"), connection);
const stage = new Stage($("picture"), $("video"));
const marking = new Marking($("handles"), stage, (landmarks, size) => connection.send({ type: "landmarks", landmarks, size }));
const lessons = Object.fromEntries([...document.querySelectorAll("[data-lesson]")].map((svg) => [svg.dataset.lesson, new Lesson(svg)]));

let hello = null;
let state = "setup";
let protocol = null;
let lessonIndex = 0;
let lastSummary = null;
let counting = null;
let screen = "loading";
let paused = null;

// ---- screens

function show(next) {
  screen = next;
  document.body.dataset.screen = next;
  const section = { setup: "live", practise: "live" }[next] ?? next;
  for (const one of document.querySelectorAll("main > section")) one.hidden = one.id !== section;
  $("setup-panel").hidden = next !== "setup";
  $("practice-panel").hidden = next !== "practise";
  $("where").textContent = ["choose", "loading"].includes(next) ? "" : `${protocol ? say(protocol.title) : ""} · ${t(next === "learn" ? "learn" : next)}`;
  if (next !== "setup") closeMarking();
  if (next === "learn") showLesson(0);
  if (next === "choose") lessons.whole.show(protocol, null);
  if (next === "setup") enterSetup();
  if (next !== "choose") lessons.whole.stop();
  if (next !== "learn") lessons.step.stop();
}

function notice(text) {
  $("notice").textContent = text ?? "";
  $("notice").hidden = !text;
}

function relabel() {
  if (!hello) return;
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
  $("protocols").replaceChildren(...hello.protocols.map((one) => {
    const label = Object.assign(document.createElement("label"), { className: "option" });
    const input = Object.assign(document.createElement("input"), { type: "radio", name: "protocol", value: one.id, checked: one.id === protocol.id });
    const words = document.createElement("span");
    words.append(Object.assign(document.createElement("b"), { textContent: say(one.title) }), Object.assign(document.createElement("small"), { textContent: say(one.summary) }));
    label.append(input, words);
    input.addEventListener("change", () => configure({ protocol: one.id }));
    return label;
  }));
  $("summary-line").textContent = say(protocol.schedule ?? protocol.summary);
}

function configure(choices) {
  connection.send({ type: "configure", ...choices });
}

function takeChoices(choices) {
  if (!choices) return;
  hello.session = choices;
  protocol = hello.protocols.find((one) => one.id === choices.protocol) ?? hello.protocols[0];
  document.querySelector(`[name=mode][value=${choices.mode}]`).checked = true;
  $("keep-video").checked = choices.keep_video;
  $("blur-head").checked = choices.keep_video ? choices.blur_head : true;
  $("blur-head").disabled = !choices.keep_video;
  stage.assess = choices.mode === "assess";
  setLanguage(choices.language ?? currentLanguage());
  relabel();
  if (screen === "choose") lessons.whole.show(protocol, null);
}

const lessonSteps = () => protocol.steps.filter((step) => !step.overall);

function showLesson(index) {
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
  $("camera-field").hidden = hello.source !== "browser";
  stage.mirrored = hello.source === "browser" && $("mirror").getAttribute("aria-pressed") === "true";
  $("mirror").hidden = hello.source !== "browser";
  $("video").hidden = hello.source !== "browser";
  $("video").classList.toggle("mirrored", stage.mirrored);
  drawConfirmations();
  if (hello.source === "browser" && !camera.stream) await openCamera();
}

async function openCamera(deviceId) {
  try {
    await camera.open(deviceId);
    notice(null);
    const devices = await camera.devices();
    $("cameras").replaceChildren(...devices.map((device, index) => Object.assign(document.createElement("option"), {
      value: device.deviceId, textContent: device.label || t("camera_n", { n: index + 1 }), selected: device.deviceId === camera.deviceId,
    })));
    if (state === "paused" && paused === "camera") connection.send({ type: "resume" });
    return true;
  } catch (error) {
    notice(t(error.reason ?? "no_camera"));
    return false;
  }
}

function drawConfirmations() {
  const items = protocol.steps.filter((step) => step.observer !== "camera");
  $("confirmations").replaceChildren(...items.map((step) => {
    const label = Object.assign(document.createElement("label"), { className: "check" });
    const box = Object.assign(document.createElement("input"), { type: "checkbox", checked: hello.session?.confirmed?.[step.id] === true });
    box.addEventListener("change", () => confirmItem(step.id, box.checked ? true : null));
    label.append(box, Object.assign(document.createElement("span"), { textContent: say(step.title) }));
    return label;
  }));
}

const confirmItem = (item, done) => connection.send({ type: "confirm", item, done });

function drawTicks(all) {
  const list = $("ticks");
  // Several points wait for the same thing: it is said once.
  const setup = all.filter((tick, index) => all.findIndex((one) => one.ok === tick.ok && say(one.text) === say(tick.text)) === index);
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
      counting = setTimeout(() => {
        $("count-down").hidden = true;
        counting = null;
      }, 700);
      return;
    }
    left -= 1;
    counting = setTimeout(tick, 1000);
  };
  counting = 0;
  tick();
}

// ---- practising

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
  for (const side of ["left", "right"]) {
    $(`circles-${side}`).textContent = String(Math.floor(result.counts?.[side]?.circles ?? 0));
    $(`passes-${side}`).textContent = String(result.counts?.[side]?.passes ?? 0);
  }
  drawRate(result);
}

function drawSteps(steps, result) {
  $("steps").replaceChildren(...steps.map((one) => {
    const mark = document.createElement("li");
    mark.className = result.steps_done?.includes(one.id) ? "done" : one.id === result.step ? "now" : "";
    mark.title = say(one.title);
    mark.setAttribute("aria-label", say(one.title));
    return mark;
  }));
}

function drawRate(result) {
  const wanted = protocol.steps.find((step) => step.check?.rate_hz)?.check.rate_hz;
  $("rate").hidden = !wanted;
  if (!wanted) return;
  const most = (wanted.maximum ?? 2) * 1.5;
  const bar = $("rate").querySelector(".ok");
  const needle = $("rate").querySelector(".needle");
  bar.style.left = `${(100 * (wanted.minimum ?? 0)) / most}%`;
  bar.style.right = `${100 - (100 * (wanted.maximum ?? most)) / most}%`;
  const rates = ["left", "right"].map((side) => result.strokes?.[side]).filter((stroke) => stroke?.trial_type === "circular_pressure" && stroke.rate_hz != null).map((stroke) => stroke.rate_hz);
  needle.hidden = !rates.length;
  const mean = rates.reduce((sum, rate) => sum + rate, 0) / (rates.length || 1);
  needle.style.left = `${Math.min(100, (100 * mean) / most)}%`;
  $("rate-value").textContent = rates.length ? t("per_second", { n: number(mean, 1) }) : "–";
  $("rate").querySelector(".gauge").setAttribute("aria-label", `${t("rate")}: ${$("rate-value").textContent}`);
}

let cueTimer = null;

function showCue(cue) {
  if (!cue || stage.assess) return;
  $("cue").textContent = say(cue.text);
  $("cue").classList.toggle("praise", cue.kind === "praise");
  $("cue").hidden = false;
  stage.target = cue.target_px;
  voice.say(say(cue.text), cue.kind === "praise");
  clearTimeout(cueTimer);
  cueTimer = setTimeout(hideCue, CUE_MS);
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
  $("breath").querySelector("i").style.transform = `scale(${0.45 + 0.55 * size})`;
  $("breath-word").textContent = t(phase < 0.4 ? "breathe_in" : "breathe_out");
}
setInterval(() => screen === "practise" && breathe(), 60);

function showPause() {
  const key = { person: "paused_person", hidden: "paused_hidden", camera: "paused_camera", connection: "paused_connection", no_pictures: "no_pictures", loading: "loading_models", saving: "saving" }[paused];
  const text = key ? t(key) : "";
  if (marking.open) return;
  $("stage-note").textContent = text;
  $("stage-note").hidden = !text;
  $("pause").textContent = t(state === "paused" ? "resume" : "pause");
}

function takeState(message) {
  if (state !== message.state) camera.steady(message.state === "practising");
  state = message.state;
  paused = message.why;
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
  if (state === "paused" && hello.source === "browser" && !camera.stream && screen === "practise") openCamera();
}

let statusAt = 0;

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

connection.addEventListener("hello", ({ detail }) => {
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
connection.addEventListener("lost", () => {
  stage.result = null;
  notice(t("reconnecting"));
});
connection.addEventListener("outdated", () => notice(t("restart_page")));
connection.addEventListener("choices", ({ detail }) => takeChoices(detail.session ?? detail));
connection.addEventListener("state", ({ detail }) => takeState(detail));
connection.addEventListener("result", ({ detail }) => takeResult(detail));
connection.addEventListener("picture", ({ detail }) => {
  stage.bitmap?.close();
  stage.bitmap = detail;
});
connection.addEventListener("summary", ({ detail }) => {
  lastSummary = detail;
  showSummary(detail, confirmItem);
  const first = screen !== "summary";
  if (first) show("summary");
  if (first && !$("stopped").open) $("outcome").focus();
});
connection.addEventListener("inactive", ({ detail }) => {
  camera.close();
  $("leave-title").textContent = t("other_tab");
  $("leave-text").textContent = say(detail.text);
  $("leave-yes").textContent = t("use_here");
  if (!$("leave").open) $("leave").showModal();
});
connection.addEventListener("error", ({ detail }) => detail.code !== "frame" && notice(say(detail.text)));

// ---- what the person does

for (const button of document.querySelectorAll("[data-language]")) {
  button.addEventListener("click", () => {
    setLanguage(button.dataset.language);
    relabel();
    if (state === "setup") configure({ language: button.dataset.language });
  });
}
for (const button of document.querySelectorAll("[data-go]")) button.addEventListener("click", () => show(button.dataset.go));
for (const radio of document.querySelectorAll("[name=mode]")) radio.addEventListener("change", () => configure({ mode: radio.value }));
$("keep-video").addEventListener("change", () => configure({ keep_video: $("keep-video").checked, blur_head: true }));
$("blur-head").addEventListener("change", () => configure({ blur_head: $("blur-head").checked }));
$("lesson-next").addEventListener("click", () => (lessonIndex + 1 < lessonSteps().length ? showLesson(lessonIndex + 1) : show("setup")));
$("lesson-back").addEventListener("click", () => (lessonIndex > 0 ? showLesson(lessonIndex - 1) : show("choose")));
$("sound").addEventListener("click", () => {
  voice.on = !voice.on;
  if (!voice.on) voice.hush();
  $("sound").setAttribute("aria-pressed", String(voice.on));
  $("sound").textContent = t(voice.on ? "sound_on" : "sound_off");
});
$("cameras").addEventListener("change", () => openCamera($("cameras").value));
$("mirror").addEventListener("click", () => {
  stage.mirrored = !stage.mirrored;
  $("mirror").setAttribute("aria-pressed", String(stage.mirrored));
  $("video").classList.toggle("mirrored", stage.mirrored);
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
  const wanted = protocol.steps.find((step) => step.check?.rate_hz)?.check.rate_hz;
  $("metronome").setAttribute("aria-pressed", String(on));
  voice.beat(on ? ((wanted?.minimum ?? 0.5) + (wanted?.maximum ?? 1.5)) / 2 : null);
});
$("pause").addEventListener("click", () => connection.send(state === "paused" ? { type: "resume" } : { type: "pause", why: "person" }));
$("finish").addEventListener("click", () => connection.send({ type: "stop", reason: "finished" }));
$("stop").addEventListener("click", stopForPain);
$("stopped-ok").addEventListener("click", () => $("stopped").close());
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
  $("leave").close();
  connection.send({ type: "take_over" });
  if (hello.source === "browser" && ["setup", "practise"].includes(screen)) openCamera();
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
  if (screen !== "practise" || event.target.closest("dialog")) return;
  if (event.key !== "Escape") return;
  event.preventDefault(); // the same key would close the words that now come
  stopForPain();
});
addEventListener("resize", () => marking.open && marking.place());

function stopForPain() {
  if (!["practising", "paused"].includes(state)) return;
  voice.hush();
  if (!$("stopped").open) $("stopped").showModal(); // at once: what to do now cannot wait for the session to be written
  connection.send({ type: "stop", reason: "pain" });
}

setLanguage("id");
globalThis.pijat = { connection, camera, stage }; // for measurements in the browser's own console
