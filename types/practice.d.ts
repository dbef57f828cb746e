/** What the practice page and the server say to each other: docs/live-protocol.md. */
declare namespace Practice {
  type Point = [number, number];
  type Side = "left" | "right";
  type Language = "id" | "en";
  type Sides<T> = { left: T; right: T };
  interface Text {
    id: string;
    en: string;
  }

  /** A step of a protocol, as `pijat protocol show --json` writes it, as far as the page reads it. */
  interface Step {
    id: string;
    title: Text;
    instruction: Text;
    observer: "camera" | "facilitator" | "camera_or_facilitator";
    overall: boolean;
    motion: Motion | null;
    check?: { kind: string; rate_hz?: Range | null } | null;
  }
  interface Range {
    minimum: number | null;
    maximum: number | null;
  }
  /** Seconds, lateral cm, caudal cm, whether the thumb touches. */
  type Moment = [number, number, number, boolean];
  interface Motion {
    regions: string[];
    thumbs: Partial<Sides<Moment[]>>;
    duration_s: number;
  }
  interface Region {
    id: string;
    kind: "target" | "avoid";
    polygon: Point[];
  }
  interface Protocol {
    id: string;
    title: Text;
    summary: Text;
    schedule: Text | null;
    steps: Step[];
    regions: Region[];
    breaths_per_minute: number | null;
  }

  interface Choices {
    protocol: string;
    language?: Language;
    mode: "coach" | "assess";
    keep_video: boolean;
    blur_head: boolean;
    confirmed?: Record<string, boolean>;
  }
  type State = "setup" | "practising" | "paused" | "finished";
  interface StateMessage {
    state: State;
    why?: string | null;
    text?: Text | null;
  }
  interface Hello extends StateMessage {
    type: "hello";
    schema: number;
    source: "browser" | "server";
    active: boolean;
    protocols: Protocol[];
    session: Choices | null;
    recovered: { session: string; report: string; time_s: number }[];
  }
  interface Stroke {
    trial_type: string;
    rate_hz: number | null;
  }
  interface Hand {
    keypoints: Point[] | null;
    contact: Point | null;
    status: string;
  }
  interface Back {
    status: "followed" | "held" | "lost";
    source: "manual" | "automatic" | "corrected";
    landmarks: Record<string, Point>;
    outlines?: Record<string, (Point | null)[]>;
    regions?: { id: string; kind: "target" | "avoid"; polygon: (Point | null)[] }[];
  }
  interface Cue {
    id: string;
    kind: "correct" | "praise";
    text: Text;
    target_px: (Point | null)[] | null;
  }
  interface Tick {
    code: string;
    ok: boolean | null;
    text: Text;
    trend: "better" | "worse" | "mended" | null;
  }
  interface Unseen {
    code: "back" | "hands" | "one_hand";
    text: Text;
  }
  interface Result {
    type: "result";
    sequence: number;
    size: Point;
    hands: Sides<Hand | null>;
    back: Back | null;
    thumbs: Sides<object | null>;
    strokes: Partial<Sides<Stroke | null>> | null;
    counts?: Partial<Sides<{ circles: number; passes: number }>>;
    rounds: number | null;
    rounds_wanted: number | null;
    elapsed_s: number | null;
    remaining_s: number | null;
    step: string | null;
    steps_done: string[];
    cue: Cue | null;
    setup?: Tick[];
    unseen: Unseen | null;
    frames?: { received: number; analysed: number; dropped: number };
  }
  interface Item {
    id: string;
    title: Text;
    observer: string;
    verdict: string;
    to_be_confirmed: boolean;
    message: Text;
  }
  interface Summary {
    type: "summary";
    session: string;
    report: string;
    score: {
      protocol_title: Text;
      passed: boolean | null;
      percent: number | null;
      points: number;
      max_points: number;
      pass_mark_percent: number;
      items: Item[];
      advice: string[];
    };
  }
  interface Messages {
    hello: Hello;
    result: Result;
    state: StateMessage;
    choices: Choices & { session?: Choices };
    recovered: object;
    summary: Summary;
    inactive: { text: Text };
    error: { code: string; text: Text; fatal: boolean };
    picture: ImageBitmap;
    lost: undefined;
    unreadable: undefined;
    outdated: undefined;
  }

  /** When the picture that an answer is about was taken and sent, milliseconds on the page's clock. */
  interface About {
    capturedMs: number;
    sentMs: number;
  }
  interface AnswerFromLink {
    text: string;
    about: About | null;
    skipped: number;
    arrivedMs: number;
  }
  /** What the worker (link.js) tells the page: one of these. */
  interface FromLink extends Partial<AnswerFromLink> {
    bitmap?: ImageBitmap;
    lost?: true;
    unreadable?: true;
  }
  /** What the page tells the worker: one of these. */
  interface ToLink {
    open?: string;
    timeOrigin?: number;
    text?: string;
    frames?: ReadableStream<VideoFrame>;
    half?: boolean;
    stop?: true;
    jpeg?: ArrayBuffer;
    capturedMs?: number;
  }
  /** Where the picture lies on the stage, CSS pixels; `w` and `h` are the picture's own. */
  interface Frame {
    x: number;
    y: number;
    width: number;
    height: number;
    scale: number;
    w: number;
    h: number;
  }
}

/** For measurements in the browser's own console and by the tests. */
declare var pijat: object;
