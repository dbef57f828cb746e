// The camera of this computer: which one, what happens when it goes and comes back, whether its picture is mirrored.
import { CameraError } from "../camera.js";
import { byId } from "../dom.js";
import { notice } from "../screens.js";
import { currentLanguage, t } from "../messages.js";

export class CameraPanel {
  /** @param {import("../state.js").Page} page */
  constructor({ state, connection, camera, stage, marking }) {
    this.state = state;
    this.connection = connection;
    this.camera = camera;
    this.stage = stage;
    this.marking = marking;
    this.list = byId("cameras", HTMLSelectElement);
    this.mirror = byId("mirror", HTMLElement);
    this.list.addEventListener("change", () => this.open(this.list.value));
    this.mirror.addEventListener("click", () => this.turn());
    state.addEventListener("screen", () => state.screen === "setup" && this.enter());
    camera.addEventListener("gone", () => this.lose());
    camera.addEventListener("devices", () => !camera.stream && this.openIfNeeded());
  }

  async enter() {
    const { fromBrowser } = this.state;
    if (!this.state.hello) return;
    byId("camera-field", HTMLElement).hidden = !fromBrowser;
    this.stage.mirrored = fromBrowser && this.mirror.getAttribute("aria-pressed") === "true";
    this.mirror.hidden = !fromBrowser;
    this.camera.video.hidden = !fromBrowser;
    this.camera.video.classList.toggle("mirrored", this.stage.mirrored);
    if (fromBrowser && !this.camera.stream) await this.open();
  }

  /** @param {string} [deviceId] */
  async open(deviceId) {
    const { camera, state } = this;
    try {
      await camera.open(deviceId);
      notice(null);
      const devices = await camera.devices();
      this.list.replaceChildren(...devices.map((device, index) => Object.assign(document.createElement("option"), {
        value: device.deviceId, textContent: device.label || t("camera_n", { n: index + 1 }), selected: device.deviceId === camera.deviceId,
      })));
      if (state.doing === "paused" && state.why === "camera") this.connection.send({ type: "resume" });
    } catch (error) {
      notice(() => t(error instanceof CameraError ? error.reason : "no_camera"));
    }
  }

  /** Open the camera where a screen is shown that needs it. */
  openIfNeeded() {
    if (["setup", "practise"].includes(this.state.screen)) this.open();
  }

  lose() {
    this.camera.close();
    notice(() => t("paused_camera"));
    if (this.state.doing === "practising") this.connection.send({ type: "pause", why: "camera" });
  }

  turn() {
    this.stage.mirrored = !this.stage.mirrored;
    this.mirror.setAttribute("aria-pressed", String(this.stage.mirrored));
    this.camera.video.classList.toggle("mirrored", this.stage.mirrored);
    if (this.marking.open) this.marking.show(null, currentLanguage());
  }
}
