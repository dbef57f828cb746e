// The socket to the server: one frame in flight, always the newest; reconnects by itself.
const SCHEMA = 1;
const MAGIC = [0x50, 0x4a, 0x46, 0x31]; // PJF1
const RETRY_MS = 1000;
const ANSWER_LIMIT_MS = 4000;

export class Connection extends EventTarget {
  constructor() {
    super();
    this.sequence = 0;
    this.sentAt = new Map();
    this.inFlight = null;
    this.waiting = null;
    this.latencies = [];
    this.answers = [];
    this.skipped = 0;
    this.connect();
    setInterval(() => this.unstick(), 500);
  }

  connect() {
    const socket = new WebSocket(`ws://${location.host}/ws/practice`);
    socket.binaryType = "arraybuffer";
    this.socket = socket;
    socket.onmessage = (event) => (typeof event.data === "string" ? this.read(JSON.parse(event.data)) : this.picture(event.data));
    socket.onclose = () => {
      if (this.socket !== socket) return;
      this.inFlight = this.waiting = null;
      this.emit("lost");
      setTimeout(() => this.connect(), RETRY_MS);
    };
  }

  emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  get ready() {
    return this.socket.readyState === WebSocket.OPEN;
  }

  send(message) {
    if (this.ready) this.socket.send(JSON.stringify(message));
  }

  /** Hand over the newest picture; it goes out now, or when the answer to the last one has come. */
  offer(jpeg, capturedMs) {
    if (!this.ready) return;
    if (this.inFlight !== null) {
      if (this.waiting) this.skipped += 1;
      this.waiting = { jpeg, capturedMs };
      return;
    }
    const message = new Uint8Array(16 + jpeg.byteLength);
    const view = new DataView(message.buffer);
    message.set(MAGIC, 0);
    this.sequence += 1;
    view.setUint32(4, this.sequence, true);
    view.setFloat64(8, capturedMs, true);
    message.set(new Uint8Array(jpeg), 16);
    this.inFlight = this.sequence;
    this.sentAt.set(this.sequence, capturedMs);
    this.inFlightSince = performance.now();
    this.socket.send(message);
  }

  answered(sequence) {
    const capturedMs = this.sentAt.get(sequence);
    this.sentAt.delete(sequence);
    if (capturedMs !== undefined) {
      const now = performance.now();
      this.latencies.push(now - capturedMs);
      this.answers.push(now);
      if (this.latencies.length > 4000) this.latencies.splice(0, 2000);
    }
    if (this.inFlight === sequence) this.release();
  }

  release() {
    this.inFlight = null;
    const next = this.waiting;
    this.waiting = null;
    if (next) this.offer(next.jpeg, next.capturedMs);
  }

  /** An answer that never comes must not stop the camera for good. */
  unstick() {
    if (this.inFlight !== null && performance.now() - this.inFlightSince > ANSWER_LIMIT_MS) this.release();
    const old = performance.now() - 5000;
    while (this.answers.length && this.answers[0] < old) this.answers.shift();
  }

  /** Answers a second over the last seconds. */
  get rate() {
    if (this.answers.length < 2) return 0;
    return ((this.answers.length - 1) * 1000) / (this.answers[this.answers.length - 1] - this.answers[0]);
  }

  read(message) {
    if (message.type === "hello" && message.schema !== SCHEMA) {
      this.emit("outdated");
      return;
    }
    if (message.type === "result" || message.sequence != null) this.answered(message.sequence);
    this.emit(message.type, message);
  }

  picture(buffer) {
    const view = new DataView(buffer);
    if (buffer.byteLength <= 16 || view.getUint32(0, false) !== 0x504a5631) return; // PJV1
    const sequence = view.getUint32(4, true);
    this.sentAt.set(sequence, performance.now());
    if (this.sentAt.size > 120) this.sentAt.delete(this.sentAt.keys().next().value);
    this.emit("picture", { sequence, jpeg: new Blob([buffer.slice(16)], { type: "image/jpeg" }) });
  }
}
