// The page's end of the socket, which a worker holds (link.js): messages out, messages and pictures in; it counts and times.
const SCHEMA = 1;
const KEPT = 4000;

export class Connection extends EventTarget {
  constructor() {
    super();
    this.latencies = []; // from taking a picture to its answer, in milliseconds
    this.trips = []; // from sending it to its answer
    this.answers = [];
    this.skipped = 0;
    this.link = new Worker("/static/link.js");
    this.link.onmessage = ({ data }) => this.hear(data);
    this.link.postMessage({ open: `ws://${location.host}/ws/practice`, timeOrigin: performance.timeOrigin });
  }

  emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  send(message) {
    this.link.postMessage({ text: JSON.stringify(message) });
  }

  /** Send pictures of this stream of VideoFrames from now on. */
  read(frames) {
    this.link.postMessage({ frames }, [frames]);
  }

  /** Send no more pictures of a stream. */
  stop() {
    this.link.postMessage({ stop: true });
  }

  /** Send the stream's pictures at half their width and height, or as they are. */
  halve(half) {
    this.link.postMessage({ half });
  }

  /** Hand over the newest picture, for browsers that give no stream of pictures. */
  offer(jpeg, capturedMs) {
    this.link.postMessage({ jpeg, capturedMs }, [jpeg]);
  }

  hear(data) {
    if (data.bitmap) this.emit("picture", data.bitmap);
    else if (data.lost) this.emit("lost");
    else if (data.unreadable) this.emit("unreadable");
    else this.understand(JSON.parse(data.text), data);
  }

  understand(message, { about, skipped, arrivedMs }) {
    this.skipped = skipped;
    if (about) this.count(about, performance.now(), arrivedMs);
    if (message.type === "hello" && message.schema !== SCHEMA) this.emit("outdated");
    else this.emit(message.type, message);
  }

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
