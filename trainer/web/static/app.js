// The practice page: choose, learn, set up, practise, see the result. docs/live-protocol.md is the contract.
import { Camera } from "./camera.js";
import { Connection } from "./connection.js";
import { all, byId } from "./dom.js";
import { Stage } from "./draw.js";
import { Marking } from "./marking.js";
import { CameraPanel } from "./panels/cameras.js";
import { ChoosePanel } from "./panels/choose.js";
import { LearnPanel } from "./panels/learn.js";
import { PlaceDrawings } from "./panels/place.js";
import { PractisePanel } from "./panels/practise.js";
import { SetupPanel } from "./panels/setup.js";
import { SoundButton } from "./panels/sound.js";
import { StatusLine } from "./panels/status.js";
import { Screens, notice } from "./screens.js";
import { PageState } from "./state.js";
import { showSummary } from "./summary.js";
import { currentLanguage, number, say, setLanguage, t } from "./messages.js";
import { Voice } from "./voice.js";

/** @param {string} id */
const $ = (id) => byId(id, HTMLElement);
const video = byId("video", HTMLVideoElement);
const leave = byId("leave", HTMLDialogElement);
const languages = all(document, "[data-language]", HTMLButtonElement);
const state = new PageState();
const connection = new Connection();
const voice = new Voice();
const camera = new Camera(video, connection);
const stage = new Stage(byId("picture", HTMLCanvasElement), video);
const marking = new Marking($("handles"), stage, (landmarks, size) => connection.send({ type: "landmarks", landmarks, size }));
const page = { state, connection, camera, stage, marking, voice };

new Screens(state);
new SoundButton(page);
new LearnPanel(page);
new PlaceDrawings(page);
const choose = new ChoosePanel(page);
const setup = new SetupPanel(page);
const cameras = new CameraPanel(page);
const practise = new PractisePanel(page);
const status = new StatusLine(page);

// ---- what the server says

/** @param {Practice.Choices} choices */
function takeChoices(choices) {
  state.choose(choices);
  choose.take(choices);
}

/** @param {Practice.StateMessage} message */
function takeState(message) {
  if (state.doing !== message.state) camera.steady(message.state === "practising");
  const blind = state.blind;
  state.take(message);
  if (blind && !state.blind) notice(null);
  if (state.doing === "practising" && state.screen !== "practise") state.show("practise");
  if (state.doing === "setup" && ["practise", "summary"].includes(state.screen)) state.show("setup");
  if (state.doing === "paused" && state.screen !== "practise") state.show("practise");
  if (state.doing !== "practising") practise.rest();
  const { text } = message;
  if (message.why === "failed" && text) notice(() => say(text));
  practise.showPause();
  if (state.doing === "paused" && state.fromBrowser && !camera.stream && state.screen === "practise") cameras.open();
}

/** @param {Practice.Result} result */
function takeResult(result) {
  stage.result = result;
  state.result = result;
  if (state.doing === "setup" && result.setup) setup.take(result.setup, result);
  practise.take(result);
  if (marking.open) marking.place();
  status.take(result);
}

/** Sessions that an earlier practice left behind when it was cut off. @param {Practice.Hello["recovered"]} sessions */
function showRecovered(sessions) {
  const links = sessions.map((one) => Object.assign(document.createElement("a"), { href: one.report, target: "_blank", rel: "noopener", textContent: `${one.session} (${number(one.time_s, 0)} s)` }));
  $("recovered").replaceChildren(t("recovered"), " ", ...links.flatMap((link) => [link, " "]));
  $("recovered").hidden = false;
}

function drawSummary() {
  if (state.summary) showSummary(state.summary, (item, done) => connection.send({ type: "confirm", item, done }));
}

connection.on("hello", (detail) => {
  state.hello = detail;
  // A language chosen earlier would be undone by what the server says now.
  for (const button of languages) button.disabled = false;
  takeChoices(detail.session ?? state.usualChoices(detail));
  notice(detail.active === false ? () => t("other_tab") : null);
  if (detail.recovered?.length) showRecovered(detail.recovered);
  if (detail.state === "setup" && ["loading", "practise", "summary"].includes(state.screen)) state.show("choose");
  takeState({ state: detail.state, why: detail.why ?? (detail.state === "paused" ? "connection" : null), text: detail.text });
});
connection.on("lost", () => {
  stage.result = state.result = null;
  notice(() => t("reconnecting"));
});
connection.on("outdated", () => notice(() => t("restart_page")));
connection.on("choices", (detail) => takeChoices(detail.session ?? detail));
connection.on("state", takeState);
connection.on("result", takeResult);
connection.on("picture", (detail) => {
  stage.bitmap?.close();
  stage.bitmap = detail;
});
connection.on("summary", (detail) => {
  state.summary = detail;
  drawSummary();
  if (state.screen === "summary") return;
  state.show("summary");
  if (!practise.stopped.open) $("outcome").focus();
});
connection.on("inactive", (detail) => {
  camera.close();
  $("leave-title").textContent = t("other_tab");
  $("leave-text").textContent = say(detail.text);
  $("leave-yes").textContent = t("use_here");
  if (!leave.open) leave.showModal();
});
connection.on("error", (detail) => detail.code !== "frame" && notice(() => say(detail.text)));
state.addEventListener("words", drawSummary);

// ---- what the person does, whatever the screen

for (const button of languages) {
  button.addEventListener("click", () => {
    state.speak(button.dataset.language ?? "id");
    if (state.doing === "setup") choose.configure({ language: currentLanguage() });
  });
}
/** Practise once more. @param {import("./state.js").Screen} [screen] */
function again(screen) {
  state.summary = null;
  connection.send({ type: "again" });
  if (screen) state.show(screen);
}
$("again").addEventListener("click", () => again());
$("other").addEventListener("click", () => again("choose"));
$("leave-yes").addEventListener("click", () => {
  leave.close();
  connection.send({ type: "take_over" });
  if (state.fromBrowser) cameras.openIfNeeded();
});

setLanguage("id");
globalThis.pijat = { connection, camera, stage }; // for measurements in the browser's own console
