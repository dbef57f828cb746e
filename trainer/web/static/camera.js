// The camera of this computer, as JPEGs of the newest picture; its size gives way before its rate does.
const SIDES = [640, 512, 416, 320];
const QUALITY = 0.85;
const SLOW_HZ = 20;
const EASY_HZ = 27;

export class Camera extends EventTarget {
  constructor(video, connection) {
    super();
    this.video = video;
    this.connection = connection;
    this.canvas = document.createElement("canvas");
    this.context = this.canvas.getContext("2d", { alpha: false, willReadFrequently: true });
    this.level = 0;
    this.encoding = false;
    this.lastMs = 0;
    this.since = performance.now();
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
    const size = { width: { ideal: 640 }, height: { ideal: 480 }, frameRate: { ideal: 30 } };
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: deviceId ? { ...size, deviceId: { exact: deviceId } } : size });
    } catch (error) {
      const reason = { NotAllowedError: "camera_refused", SecurityError: "camera_refused", NotReadableError: "camera_busy" }[error.name] ?? "no_camera";
      throw Object.assign(error, { reason });
    }
    const track = this.stream.getVideoTracks()[0];
    this.deviceId = track.getSettings().deviceId;
    track.addEventListener("ended", () => this.dispatchEvent(new Event("gone")));
    this.video.srcObject = this.stream;
    await this.video.play();
    this.next();
  }

  close() {
    this.stream?.getTracks().forEach((track) => track.stop());
    this.stream = null;
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
        this.adapt();
      },
      "image/jpeg",
      QUALITY,
    );
  }

  /** Smaller pictures when answers come too slowly, larger ones when they come easily for long. */
  adapt() {
    const now = performance.now();
    const rate = this.connection.rate;
    if (!rate) return;
    if (rate < SLOW_HZ && now - this.since > 4000 && this.level < SIDES.length - 1) {
      this.level += 1;
      this.since = now;
    } else if (rate > EASY_HZ && now - this.since > 20000 && this.level > 0) {
      this.level -= 1;
      this.since = now;
    } else if (rate >= SLOW_HZ && rate <= EASY_HZ) {
      this.since = Math.max(this.since, now - 10000);
    }
  }
}
