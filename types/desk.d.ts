/** What the grading page begins with and what the server answers: trainer/desk/grading_view.py, trainer/desk/grading.py. */
declare namespace Desk {
  type Hand = "left" | "right";
  type Decision = "not_observed" | "ticked" | "rated" | "confirmed" | "overridden";
  /** A rating on the protocol's scale; null for "not observed". */
  type Level = number | null;
  interface Grade {
    level: Level;
    decision: Decision;
    comment: string;
    revision: number;
  }
  /** Start and end in seconds, whose hand (null for both), whether it shows a fault. */
  type Evidence = [number, number, Hand | null, boolean];
  interface Camera {
    verdict: string;
    word: string;
    level: Level;
    reason: string;
    measures: { text: string; inside: boolean | null }[];
    evidence: Evidence[];
  }
  interface Item {
    id: string;
    number: number;
    title: string;
    instruction: string;
    critical: boolean;
    max_points: number;
    person: boolean;
    camera: Camera | null;
    grade: Grade | null;
  }
  interface GradingDocument {
    session: number;
    grading: number;
    /** Names this grading in what the browser keeps of it. */
    mark: string;
    version: number;
    hidden: boolean;
    blind: boolean;
    signed: boolean;
    spent_s: number;
    grader: string;
    levels: { level: number; word: string }[];
    best: number;
    duration_s: number;
    video?: string | null;
    thumbs: string;
    timeline: string | null;
    colours: Record<string, string>;
    unsure_below: number;
    items: Item[];
  }
  type Words = Record<string, string>;
  /** Onset and length in seconds, kind, hand, confidence, circles (null where they are not counted). */
  type Stroke = [number, number, string, Hand, number, number | null];
  interface TimelineData {
    strokes: Stroke[];
    unseen: Record<Hand, [number, number][]>;
  }
  /** One hand's thumb: seconds, then hundredths of a centimetre on the back, then how it was seen. */
  interface Track {
    time: Float32Array;
    lateral: Int16Array;
    caudal: Int16Array;
    status: Uint8Array;
  }
  /** What a person chose and typed, on its way to the server. */
  interface Typed {
    level: Level;
    comment: string;
  }
  type SaveState = "saved" | "saving" | "unsent" | "enter" | "refused";
}
