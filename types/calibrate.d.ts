/** What the calibration page and its server say: trainer/calibrate/server.py and overlay.py. */
declare namespace Calibrate {
  type Point = [number, number];
  type Language = "id" | "en";
  type Text = Record<Language, string>;
  type Run = Point[];
  interface State {
    video: string;
    image_size: Point;
    frames: { time_s: number; sharpness: number }[];
    chosen: number;
    /** How many landmarks it takes at least. */
    fewest: number;
    /** Lateral and caudal cm on the usual back. */
    landmarks: Record<string, Point>;
    /** By number of the frame. */
    guesses: Record<string, Record<string, Point> | undefined>;
    /** C7 to T7 in cm by printed markers; null where they do not say. */
    marked: Record<string, number | null | undefined>;
    start: {
      landmarks: Record<string, Point>;
      automatic_landmarks?: string[];
      scale?: { from: string; to: string; cm: number } | null;
    } | null;
  }
  interface Fit {
    grid: Run[];
    outlines: Record<string, Run[]>;
    expected: Record<string, Point | null | undefined>;
    suspects: string[];
    verdict: { sigma_cm: number | null; level: "good" | "fair" | "bad"; fit: Text; advice: Text[] };
  }
  interface Dragging {
    name: string;
    dx: number;
    dy: number;
    moved: boolean;
    fresh?: boolean;
  }
}
