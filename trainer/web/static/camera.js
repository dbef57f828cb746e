// The camera of this computer. Its pictures go to the worker as they come; their size gives way before their rate does.
const SIDES = [640, 512, 416, 320];
const QUALITY = 0.85;
const SLOW_HZ = 20;
const EASY_HZ = 24; // of a camera that gives 25 to 30
const SLOW_MS = 6000;
const EASY_MS = 8000;

export class Camera extends EventTarget {
  constructor(video, connection) {
    super();
    this.video = video;
    this.connection = connection;
    this.level = 0;
    this.encoding = false;
    this.lastMs = 0;
    this.patience = EASY_MS;
    this.steady(false);
    connection.addEventListener("unreadable", () => this.encodeHere());
    connection.addEventListener("result", () => this.adapt());
    navigator.mediaDevices?.addEventListener("devicechange", () => this.dispatchEvent(new Event("devices")));
  }

  async devices() {
    const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
    return all.filter((device) => device.kind === "videoinput");
  }

  /** Open a camera; the error's `reason` is a key of texts.js. */
  async open(deviceId) {
    this.close();
    if (!navigator.mediaDevices) throw Object.assign(new Error("no camera"), { reason: "no_camera" });
    const size = { width: { ideal: SIDES[0] }, height: { ideal: (SIDES[0] * 3) / 4 }, frameRate: { ideal: 30 } };
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: deviceId ? { ...size, deviceId: { exact: deviceId } } : size });
    } catch (error) {
      const reason = { NotAllowedError: "camera_refused", SecurityError: "camera_refused", NotReadableError: "camera_busy" }[error.name] ?? "no_camera";
      throw Object.assign(error, { reason });
    }
    const [track] = this.stream.getVideoTracks();
    this.deviceId = track.getSettings().deviceId;
    this.full = track.getSettings();
    this.level = 0;
    track.addEventListener("ended", () => this.dispatchEvent(new Event("gone")));
    this.video.srcObject = this.stream;
    await this.video.play();
    if (globalThis.MediaStreamTrackProcessor) this.connection.read(new MediaStreamTrackProcessor({ track, maxBufferSize: 1 }).readable);
    else this.encodeHere();
  }

  close() {
    this.connection.stop();
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
  }

  /** Where the browser gives no stream of pictures: each shown picture as a JPEG. */
  encodeHere() {
    this.canvas ??= document.createElement("canvas");
    this.context ??= this.canvas.getContext("2d", { alpha: false, willReadFrequently: true });
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

  encode(now) {
    const { videoWidth: width, videoHeight: height } = this.video;
    if (!width || now <= this.lastMs) return;
    const scale = Math.min(1, SIDES[this.level] / Math.max(width, height));
    const [w, h] = [Math.round(width * scale), Math.round(height * scale)];
    if (this.canvas.width !== w || this.canvas.height !== h) Object.assign(this.canvas, { width: w, height: h });
    this.context.drawImage(this.video, 0, 0, w, h);
    this.lastMs = now;
    this.encoding = true;
    this.canvas.toBlob(
      async (blob) => {
        try {
          if (blob) this.connection.offer(await blob.arrayBuffer(), now);
        } finally {
          this.encoding = false;
        }
      },
      "image/jpeg",
      QUALITY,
    );
  }

  /** Adapt while practising only: looking for the back slows the set-up, and says nothing of what comes after. */
  steady(practising) {
    this.practising = practising;
    this.since = performance.now();
  }

  /** Smaller pictures when answers come too slowly, larger ones again when they come easily for a while. */
  adapt() {
    const now = performance.now();
    const rate = this.connection.rate;
    if (!this.practising || !this.stream || now - this.since < SLOW_MS) return;
    if (rate < SLOW_HZ && this.level < SIDES.length - 1) {
      // A size that was tried again in vain is left alone for longer the next time.
      if (this.grew) this.patience *= 2;
      this.resize(this.level + 1);
      this.grew = false;
    } else if (rate > EASY_HZ && this.level > 0 && now - this.since > this.patience) {
      this.resize(this.level - 1);
      this.grew = true;
    }
  }

  resize(level) {
    this.level = level;
    this.since = performance.now();
    const scale = Math.min(1, SIDES[level] / Math.max(this.full.width, this.full.height));
    const ideal = { width: { ideal: Math.round(this.full.width * scale) }, height: { ideal: Math.round(this.full.height * scale) }, frameRate: { ideal: 30 } };
    // A camera that cannot give another size stays as it is.
    this.stream.getVideoTracks()[0].applyConstraints(ideal).catch(() => {});
  }
}
