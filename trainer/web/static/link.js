// Worker: the socket to the server, and the camera's newest picture. One picture is in flight, always the newest;
// the next one is made ready while the answer is awaited, and the page's drawing holds up neither.
const RETRY_MS = 1000;
const ANSWER_LIMIT_MS = 4000;
const JPEG_MAGIC = 0x504a4631; // PJF1
const RAW_MAGIC = 0x504a5231; // PJR1
const PICTURE_MAGIC = 0x504a5631; // PJV1
const JPEG_HEADER = 16;
const RAW_HEADER = 24;
const LAYOUTS = { I420: 1, NV12: 2 };

let address = null;
let clockShift = 0; // from this worker's clock to the page's, in milliseconds
let socket = null;
let sequence = 0;
let inFlight = null; // {sequence, capturedMs, sentMs}
let ready = null; // {buffer, size, magic, capturedMs}: made ready, not sent yet
let skipped = 0;
let spare = []; // buffers to be used again
let reading = 0; // which of the camera's streams is read
let decoding = false;

const now = () => performance.now() + clockShift;

self.onmessage = ({ data }) => {
  if (data.open) {
    address = data.open;
    clockShift = performance.timeOrigin - data.timeOrigin;
    connect();
    setInterval(unstick, 500);
  } else if (data.text !== undefined) {
    if (socket?.readyState === WebSocket.OPEN) socket.send(data.text);
  } else if (data.frames) {
    read(data.frames);
  } else if (data.stop) {
    reading += 1;
  } else if (data.jpeg) {
    const buffer = new ArrayBuffer(JPEG_HEADER + data.jpeg.byteLength);
    new Uint8Array(buffer, JPEG_HEADER).set(new Uint8Array(data.jpeg));
    offer({ buffer, size: buffer.byteLength, magic: JPEG_MAGIC, capturedMs: data.capturedMs });
  }
};

function connect() {
  const opened = new WebSocket(address);
  opened.binaryType = "arraybuffer";
  socket = opened;
  opened.onmessage = (event) => (typeof event.data === "string" ? answer(event.data) : picture(event.data));
  opened.onclose = () => {
    if (socket !== opened) return;
    inFlight = null;
    drop();
    self.postMessage({ lost: true });
    setTimeout(connect, RETRY_MS);
  };
}

function drop() {
  if (ready?.magic === RAW_MAGIC) spare.push(ready.buffer);
  ready = null;
}

/** Hand over the newest picture; it goes out now, or when the answer to the last one has come. */
function offer(picture) {
  if (ready) skipped += 1;
  drop();
  if (socket?.readyState !== WebSocket.OPEN) return;
  ready = picture;
  if (inFlight === null) send();
}

function send() {
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

function answer(text) {
  // Every answer to a picture has its number; the page reads the rest.
  const number = /"sequence":(\d+)/.exec(text);
  let about = null;
  if (number && inFlight?.sequence === Number(number[1])) {
    about = { capturedMs: inFlight.capturedMs, sentMs: inFlight.sentMs };
    release();
  }
  self.postMessage({ text, about, skipped, arrivedMs: now() });
}

function release() {
  inFlight = null;
  if (ready) send();
}

/** An answer that never comes must not stop the camera for good. */
function unstick() {
  if (inFlight && now() - inFlight.sentMs > ANSWER_LIMIT_MS) release();
}

/** Take pictures from the camera's stream, only ever the newest. */
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
          self.postMessage({ unreadable: true });
          break;
        }
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

/** A camera picture as it goes over the wire: its planes without gaps; null when it is of no known layout. */
async function copy(frame, capturedMs) {
  const layout = LAYOUTS[frame.format];
  if (!layout) return null;
  const { x, y } = frame.visibleRect;
  const [width, height] = [frame.visibleRect.width & ~1, frame.visibleRect.height & ~1];
  const luma = width * height;
  const size = RAW_HEADER + luma + luma / 2;
  let buffer = spare.pop();
  if (buffer?.byteLength !== size) {
    spare = [];
    buffer = new ArrayBuffer(size);
  }
  const head = new DataView(buffer);
  head.setUint16(16, width, true);
  head.setUint16(18, height, true);
  head.setUint8(20, layout);
  head.setUint8(21, frame.colorSpace?.fullRange ? 1 : 0);
  const planes = layout === LAYOUTS.I420
    ? [{ offset: 0, stride: width }, { offset: luma, stride: width / 2 }, { offset: luma * 1.25, stride: width / 2 }]
    : [{ offset: 0, stride: width }, { offset: luma, stride: width }];
  await frame.copyTo(new Uint8Array(buffer, RAW_HEADER), { rect: { x, y, width, height }, layout: planes });
  return { buffer, size, magic: RAW_MAGIC, capturedMs };
}

/** A picture of the server's own camera: decoded here, and handed on only when the last one is done. */
async function picture(buffer) {
  const head = new DataView(buffer);
  if (buffer.byteLength <= JPEG_HEADER || head.getUint32(0, false) !== PICTURE_MAGIC || decoding) return;
  decoding = true;
  try {
    const bitmap = await createImageBitmap(new Blob([new Uint8Array(buffer, JPEG_HEADER)], { type: "image/jpeg" }));
    self.postMessage({ bitmap, sequence: head.getUint32(4, true), arrivedMs: now() }, [bitmap]);
  } catch {
    // One damaged picture: the next one is on its way.
  } finally {
    decoding = false;
  }
}
