// Worker: the socket to the server, and the camera's newest picture. One picture is in flight, always the newest;
// the next one is made ready while the answer is awaited, and the page's drawing holds up neither.
const RETRY_MS = 1000;
const ANSWER_LIMIT_MS = 2000;
const KEPT = 120;
const MOST_UNSAID = 20;
const JPEG_MAGIC = 0x504a4631; // PJF1
const RAW_MAGIC = 0x504a5231; // PJR1
const PICTURE_MAGIC = 0x504a5631; // PJV1
const JPEG_HEADER = 16;
const RAW_HEADER = 24;
const LAYOUTS = { I420: 1, NV12: 2 };

/** @typedef {{ buffer: ArrayBuffer, size: number, magic: number, capturedMs: number }} Ready a picture made ready to send */
/** @typedef {{ sequence: number, capturedMs: number, sentMs: number }} Sent */

let address = "";
let clockShift = 0; // from this worker's clock to the page's, in milliseconds
/** @type {WebSocket | null} */
let socket = null;
/** Messages for when the connection is there. @type {string[]} */
const unsaid = [];
let sequence = 0;
/** @type {Sent | null} */
let inFlight = null;
/** @type {Ready | null} */
let ready = null;
let skipped = 0;
/** When the server's own pictures came, by their numbers. @type {Map<number, number>} */
const shown = new Map();
/** Buffers to be used again. @type {ArrayBuffer[]} */
let spare = [];
let reading = 0; // which of the camera's streams is read
let decoding = false;
let half = false; // whether pictures go at half their width and height
let whole = new Uint8Array(0); // the planes before they are halved

const now = () => performance.now() + clockShift;

/**
 * @param {Practice.FromLink} message
 * @param {Transferable[]} [given]
 */
const tell = (message, given = []) => self.postMessage(message, { transfer: given });

/** @param {MessageEvent<Practice.ToLink>} event */
self.onmessage = ({ data }) => {
  if (data.open !== undefined) {
    address = data.open;
    clockShift = performance.timeOrigin - (data.timeOrigin ?? performance.timeOrigin);
    connect();
    setInterval(unstick, 500);
  } else if (data.text !== undefined) {
    if (socket?.readyState === WebSocket.OPEN) socket.send(data.text);
    else if (unsaid.length < MOST_UNSAID) unsaid.push(data.text);
  } else if (data.frames) {
    read(data.frames);
  } else if (data.half !== undefined) {
    half = data.half;
  } else if (data.stop) {
    reading += 1;
    drop(); // a picture that came late would look like a camera that is back
  } else if (data.jpeg && data.capturedMs !== undefined) {
    const buffer = new ArrayBuffer(JPEG_HEADER + data.jpeg.byteLength);
    new Uint8Array(buffer, JPEG_HEADER).set(new Uint8Array(data.jpeg));
    offer({ buffer, size: buffer.byteLength, magic: JPEG_MAGIC, capturedMs: data.capturedMs });
  }
};

function connect() {
  const opened = new WebSocket(address);
  opened.binaryType = "arraybuffer";
  socket = opened;
  opened.onopen = () => {
    // What was pressed meanwhile, such as the stop for pain, is not lost.
    for (const text of unsaid.splice(0)) opened.send(text);
  };
  opened.onmessage = (event) => (typeof event.data === "string" ? answer(event.data) : display(event.data));
  opened.onclose = () => {
    if (socket !== opened) return;
    inFlight = null;
    drop();
    tell({ lost: true });
    setTimeout(connect, RETRY_MS);
  };
}

function drop() {
  if (ready?.magic === RAW_MAGIC) spare.push(ready.buffer);
  ready = null;
}

/**
 * Hand over the newest picture; it goes out now, or when the answer to the last one has come.
 * @param {Ready} picture
 */
function offer(picture) {
  if (ready) skipped += 1;
  drop();
  if (socket?.readyState !== WebSocket.OPEN) return;
  ready = picture;
  if (inFlight === null) send();
}

function send() {
  if (!ready || !socket) return;
  const { buffer, size, magic, capturedMs } = ready;
  const head = new DataView(buffer);
  sequence += 1;
  head.setUint32(0, magic, false);
  head.setUint32(4, sequence, true);
  head.setFloat64(8, capturedMs, true);
  inFlight = { sequence, capturedMs, sentMs: now() };
  socket.send(size === buffer.byteLength ? buffer : new Uint8Array(buffer, 0, size));
  drop();
}

/** @param {string} text */
function answer(text) {
  // Every answer to a picture has its number; the page reads the rest.
  const number = /"sequence":(\d+)/.exec(text);
  /** @type {Practice.About | null} */
  let about = null;
  if (number) {
    const answered = Number(number[1]);
    const came = shown.get(answered);
    if (inFlight?.sequence === answered) {
      about = { capturedMs: inFlight.capturedMs, sentMs: inFlight.sentMs };
      release();
    } else if (came !== undefined) {
      about = { capturedMs: came, sentMs: came };
      shown.delete(answered);
    }
  }
  tell({ text, about, skipped, arrivedMs: now() });
}

function release() {
  inFlight = null;
  if (ready) send();
}

/** An answer that never comes must not stop the camera for good. */
function unstick() {
  if (inFlight && now() - inFlight.sentMs > ANSWER_LIMIT_MS) release();
}

/**
 * Take pictures from the camera's stream, only ever the newest.
 * @param {ReadableStream<VideoFrame>} frames
 */
async function read(frames) {
  const turn = (reading += 1);
  const reader = frames.getReader();
  let shift = Infinity;
  let lastMs = -Infinity;
  try {
    for (;;) {
      const { value: frame, done } = await reader.read();
      if (done || turn !== reading) {
        frame?.close();
        break;
      }
      // The camera's own clock spaces the pictures; the one that came soonest after it was taken sets the shift.
      shift = Math.min(shift, now() - frame.timestamp / 1000);
      const capturedMs = Math.max(frame.timestamp / 1000 + shift, lastMs + 1);
      try {
        const picture = await copy(frame, capturedMs);
        if (picture === null) {
          tell({ unreadable: true });
          break;
        }
        if (turn !== reading) break;
        lastMs = capturedMs;
        offer(picture);
      } finally {
        frame.close();
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/**
 * A camera picture as it goes over the wire: its planes without gaps; null when it is of no known layout.
 * @param {VideoFrame} frame
 * @param {number} capturedMs
 * @returns {Promise<Ready | null>}
 */
async function copy(frame, capturedMs) {
  const { format, visibleRect } = frame;
  if ((format !== "I420" && format !== "NV12") || !visibleRect) return null;
  const layout = LAYOUTS[format];
  const halving = half;
  const even = halving ? ~3 : ~1;
  const { x, y } = visibleRect;
  const [width, height] = [visibleRect.width & even, visibleRect.height & even];
  const divisor = halving ? 2 : 1;
  const size = RAW_HEADER + (width * height * 3) / 2 / divisor ** 2;
  let buffer = spare.pop();
  if (buffer?.byteLength !== size) {
    spare = [];
    buffer = new ArrayBuffer(size);
  }
  const head = new DataView(buffer);
  head.setUint16(16, width / divisor, true);
  head.setUint16(18, height / divisor, true);
  head.setUint8(20, layout);
  head.setUint8(21, frame.colorSpace?.fullRange ? 1 : 0);
  const planes = new Uint8Array(buffer, RAW_HEADER);
  const target = halving ? room(width * height * 1.5) : planes;
  await frame.copyTo(target, { rect: { x, y, width, height }, layout: gapless(layout, width, height) });
  if (halving) halve(target, planes, layout, width, height);
  return { buffer, size, magic: RAW_MAGIC, capturedMs };
}

/**
 * @param {number} layout
 * @param {number} width
 * @param {number} height
 * @returns {PlaneLayout[]}
 */
function gapless(layout, width, height) {
  const luma = width * height;
  if (layout === LAYOUTS.NV12) return [{ offset: 0, stride: width }, { offset: luma, stride: width }];
  return [{ offset: 0, stride: width }, { offset: luma, stride: width / 2 }, { offset: luma * 1.25, stride: width / 2 }];
}

/** @param {number} size */
function room(size) {
  if (whole.length !== size) whole = new Uint8Array(size);
  return whole;
}

/**
 * Planes at half the width and height: means of two by two.
 * @param {Uint8Array} from
 * @param {Uint8Array} to
 * @param {number} layout
 * @param {number} width
 * @param {number} height
 */
function halve(from, to, layout, width, height) {
  const luma = width * height;
  shrink(from, 0, to, 0, width, height, 1);
  if (layout === LAYOUTS.NV12) {
    shrink(from, luma, to, luma / 4, width, height / 2, 2);
    return;
  }
  shrink(from, luma, to, luma / 4, width / 2, height / 2, 1);
  shrink(from, luma * 1.25, to, luma * 0.3125, width / 2, height / 2, 1);
}

/**
 * One plane of `width` bytes a row, in which `step` values lie in turn.
 * @param {Uint8Array} from
 * @param {number} start
 * @param {Uint8Array} to
 * @param {number} place
 * @param {number} width
 * @param {number} height
 * @param {number} step
 */
function shrink(from, start, to, place, width, height, step) {
  let out = place;
  for (let row = 0; row < height; row += 2) {
    const above = start + row * width;
    for (let pair = 0; pair < width; pair += 2 * step) {
      for (let value = 0; value < step; value += 1) {
        const at = above + pair + value;
        to[out] = (from[at] + from[at + step] + from[at + width] + from[at + width + step] + 2) >> 2;
        out += 1;
      }
    }
  }
}

/**
 * A picture of the server's own camera: decoded here, and handed on only when the last one is done.
 * @param {ArrayBuffer} buffer
 */
async function display(buffer) {
  const head = new DataView(buffer);
  if (buffer.byteLength <= JPEG_HEADER || head.getUint32(0, false) !== PICTURE_MAGIC) return;
  shown.set(head.getUint32(4, true), now());
  const [oldest] = shown.keys();
  if (shown.size > KEPT) shown.delete(oldest);
  if (decoding) return;
  decoding = true;
  try {
    const bitmap = await createImageBitmap(new Blob([new Uint8Array(buffer, JPEG_HEADER)], { type: "image/jpeg" }));
    tell({ bitmap }, [bitmap]);
  } catch {
    // One damaged picture: the next one is on its way.
  } finally {
    decoding = false;
  }
}
