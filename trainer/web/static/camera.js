// The camera of this computer. Its pictures go to the worker as they come; their size gives way before their rate does.
import { penOf } from "./dom.js";

const WIDTH = 640;
const HEIGHT = 480;
const QUALITY = 0.85;
const SIZES = { planes: [1, 2], jpeg: [1, 1.25, 1.6, 2] }; // pictures may be that many times smaller
const SLOW_HZ = 20;
const EASY_HZ = 24; // of a camera that gives 25 to 30
const SETTLE_MS = 6000;
const GAIN = 1.1; // smaller pictures that do not make answers this much quicker are not worth it
const RETRY_MS = 60000;

/** @type {Record<string, string | undefined>} */
const REASONS = { NotAllowedError: "camera_refused", SecurityError: "camera_refused", NotReadableError: "camera_busy" };

export class CameraError extends Error {
  /**
   * @param {string} reason a key of messages.js
   * @param {ErrorOptions} [options]
   */
  constructor(reason, options) {
    super(reason, options);
    this.reason = reason;
  }
}

export class Camera extends EventTarget {
  /**
   * @param {HTMLVideoElement} video
   * @param {import("./connection.js").Connection} connection
   */
  constructor(video, connection) {
    super();
    this.video = video;
    this.connection = connection;
    this.level = 0;
    this.encoding = false;
    this.lastMs = 0;
    this.sizes = SIZES.planes;
    this.patience = SETTLE_MS;
    /** @type {MediaStream | null} */
    this.stream = null;
    /** @type {string | undefined} */
    this.deviceId = undefined;
    /** For `encodeHere`. */
    this.canvas = document.createElement("canvas");
    /** @type {CanvasRenderingContext2D | null} */
    this.context = null;
    this.practising = false;
    this.since = 0;
    /** The rate before the last change to smaller pictures. @type {number | null} */
    this.tried = null;
    this.notBefore = 0;
    this.steady(false);
    connection.on("unreadable", () => this.encodeHere());
    connection.on("result", () => this.adapt());
    navigator.mediaDevices?.addEventListener("devicechange", () => this.dispatchEvent(new Event("devices")));
  }

  async devices() {
    const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
    return all.filter((device) => device.kind === "videoinput");
  }

  /**
   * Open a camera, or throw a `CameraError`.
   * @param {string} [deviceId]
   */
  async open(deviceId) {
    this.close();
    if (!navigator.mediaDevices) throw new CameraError("no_camera");
    const size = { width: { ideal: WIDTH }, height: { ideal: HEIGHT }, frameRate: { ideal: 30 } };
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: deviceId ? { ...size, deviceId: { exact: deviceId } } : size });
    } catch (error) {
      throw new CameraError((error instanceof DOMException && REASONS[error.name]) || "no_camera", { cause: error });
    }
    const [track] = this.stream.getVideoTracks();
    this.deviceId = track.getSettings().deviceId;
    this.sizes = SIZES.planes;
    this.resize(0);
    track.addEventListener("ended", () => this.dispatchEvent(new Event("gone")));
    this.video.srcObject = this.stream;
    await this.video.play();
    if ("MediaStreamTrackProcessor" in globalThis) this.connection.read(new MediaStreamTrackProcessor({ track, maxBufferSize: 1 }).readable);
    else this.encodeHere();
  }

  close() {
    this.connection.stop();
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
  }

  /** Where the browser gives no stream of pictures: each shown picture as a JPEG. */
  encodeHere() {
    this.sizes = SIZES.jpeg;
    this.context ??= penOf(this.canvas, { alpha: false, willReadFrequently: true });
    this.next();
  }

  next() {
    const stream = this.stream;
    if (!stream) return;
    this.video.requestVideoFrameCallback((now) => {
      if (this.stream !== stream) return;
      this.next();
      if (!this.encoding) this.encode(now);
    });
  }

  /** @param {number} now milliseconds on the page's clock */
  encode(now) {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (!this.context || !width || now <= this.lastMs) return;
    const scale = Math.min(1, WIDTH / Math.max(width, height)) / this.sizes[this.level];
    const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
    if (this.canvas.width !== w || this.canvas.height !== h) Object.assign(this.canvas, { width: w, height: h });
    this.context.drawImage(this.video, 0, 0, w, h);
    this.lastMs = now;
    this.encoding = true;
    const { stream } = this;
    this.canvas.toBlob(
      async (blob) => {
        try {
          const jpeg = await blob?.arrayBuffer();
          if (jpeg && this.stream === stream) this.connection.offer(jpeg, now);
        } finally {
          this.encoding = false;
        }
      },
      "image/jpeg",
      QUALITY,
    );
  }

  /**
   * Adapt while practising only: looking for the back slows the set-up, and says nothing of what comes after.
   * @param {boolean} practising
   */
  steady(practising) {
    this.practising = practising;
    this.since = performance.now();
    this.tried = null;
    this.notBefore = 0;
  }

  /** Smaller pictures when answers come too slowly and that helps, larger ones again when they come easily. */
  adapt() {
    const now = performance.now();
    if (!this.practising || !this.stream || now - this.since < SETTLE_MS) return;
    const { rate } = this.connection;
    const before = this.tried;
    this.tried = null;
    if (before !== null && rate < GAIN * before) {
      this.notBefore = now + RETRY_MS;
      this.resize(this.level - 1);
    } else if (rate < SLOW_HZ && this.level + 1 < this.sizes.length && now > this.notBefore) {
      this.resize(this.level + 1);
      this.tried = rate;
    } else if (rate > EASY_HZ && this.level > 0 && now - this.since > this.patience) {
      this.patience *= 2; // the next time it is left smaller for longer
      this.resize(this.level - 1);
    }
  }

  /** @param {number} level an index of `sizes` */
  resize(level) {
    this.level = level;
    this.since = performance.now();
    this.connection.halve(this.sizes[level] >= 2);
  }
}
