// The page's end of the socket, which a worker holds (link.js): messages out, messages and pictures in; it counts and times.
const SCHEMA = 1;
const KEPT = 4000;

export class Connection extends EventTarget {
  constructor() {
    super();
    /** From taking a picture to its answer, in milliseconds. @type {number[]} */
    this.latencies = [];
    /** From sending it to its answer. @type {number[]} */
    this.trips = [];
    /** When answers came. @type {number[]} */
    this.answers = [];
    this.skipped = 0;
    this.link = new Worker("/static/link.js");
    this.link.onmessage = ({ data }) => this.hear(data);
    this.tell({ open: `ws://${location.host}/ws/practice`, timeOrigin: performance.timeOrigin });
  }

  /**
   * Hear what the server says.
   * @template {keyof Practice.Messages} K
   * @param {K} type
   * @param {(message: Practice.Messages[K]) => void} listener
   */
  on(type, listener) {
    this.addEventListener(type, (event) => listener(/** @type {CustomEvent<Practice.Messages[K]>} */ (event).detail));
  }

  /**
   * @template {keyof Practice.Messages} K
   * @param {K} type
   * @param {Practice.Messages[K]} detail
   */
  emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /**
   * @param {Practice.ToLink} message
   * @param {Transferable[]} [given] what the worker has from now on, and the page no more
   */
  tell(message, given = []) {
    this.link.postMessage(message, given);
  }

  /** @param {{ type: string, [field: string]: unknown }} message */
  send(message) {
    this.tell({ text: JSON.stringify(message) });
  }

  /**
   * Send pictures of this stream from now on.
   * @param {ReadableStream<VideoFrame>} frames
   */
  read(frames) {
    this.tell({ frames }, [frames]);
  }

  /** Send no more pictures of a stream. */
  stop() {
    this.tell({ stop: true });
  }

  /**
   * Send the stream's pictures at half their width and height, or as they are.
   * @param {boolean} half
   */
  halve(half) {
    this.tell({ half });
  }

  /**
   * Hand over the newest picture, for browsers that give no stream of pictures.
   * @param {ArrayBuffer} jpeg
   * @param {number} capturedMs
   */
  offer(jpeg, capturedMs) {
    this.tell({ jpeg, capturedMs }, [jpeg]);
  }

  /** @param {Practice.FromLink} data */
  hear(data) {
    if (data.bitmap) this.emit("picture", data.bitmap);
    else if (data.lost) this.emit("lost", undefined);
    else if (data.unreadable) this.emit("unreadable", undefined);
    else if (data.text) this.understand(JSON.parse(data.text), /** @type {Practice.AnswerFromLink} */ (data));
  }

  /**
   * @param {{ [K in keyof Practice.Messages]: { type: K, schema?: number } & Practice.Messages[K] }[keyof Practice.Messages]} message
   * @param {Practice.AnswerFromLink} link
   */
  understand(message, { about, skipped, arrivedMs }) {
    this.skipped = skipped;
    if (about) this.count(about, performance.now(), arrivedMs);
    if (message.type === "hello" && message.schema !== SCHEMA) this.emit("outdated", undefined);
    else this.emit(message.type, message);
  }

  /**
   * @param {Practice.About} picture
   * @param {number} now
   * @param {number} arrivedMs
   */
  count({ capturedMs, sentMs }, now, arrivedMs) {
    this.latencies.push(now - capturedMs);
    this.trips.push(arrivedMs - sentMs);
    this.answers.push(now);
    for (const list of [this.latencies, this.trips, this.answers]) if (list.length > KEPT) list.splice(0, KEPT / 2);
  }

  /** Answers a second over the last five seconds. */
  get rate() {
    const since = performance.now() - 5000;
    const recent = this.answers.slice(-200).filter((at) => at > since);
    return recent.length < 2 ? 0 : ((recent.length - 1) * 1000) / (recent[recent.length - 1] - recent[0]);
  }
}
