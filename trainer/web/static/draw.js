// Draws what the server found over the picture. Results are in pixels of the raw picture; only the eye sees it mirrored.
const COLOURS = { left: "#ffb454", right: "#5ad1c5" };
const BONES = [[0, 1, 2, 3, 4], [0, 5, 6, 7, 8], [5, 9, 10, 11, 12], [9, 13, 14, 15, 16], [13, 17, 18, 19, 20], [0, 17]];

export class Stage {
  constructor(canvas, video) {
    this.canvas = canvas;
    this.video = video;
    this.context = canvas.getContext("2d");
    this.asked = false;
    this.seen = { mirrored: true, bitmap: null, result: null, target: null, assess: false };
    // A browser without a graphics card draws the whole canvas each time: only when there is something new to see.
    for (const name of Object.keys(this.seen)) {
      Object.defineProperty(this, name, {
        get: () => this.seen[name],
        set: (value) => {
          this.seen[name] = value;
          this.ask();
        },
      });
    }
    new ResizeObserver(([entry]) => {
      this.box = { width: entry.contentRect.width, height: entry.contentRect.height };
      this.ask();
    }).observe(canvas);
    this.box = { width: canvas.clientWidth, height: canvas.clientHeight };
  }

  /** Draw at the next chance, once. */
  ask() {
    if (this.asked) return;
    this.asked = true;
    requestAnimationFrame(() => {
      this.asked = false;
      this.draw();
    });
  }

  /** Where the picture lies on the canvas, in CSS pixels: {x, y, width, height, scale} or null. */
  frame() {
    const [w, h] = this.result?.size ?? (this.bitmap ? [this.bitmap.width, this.bitmap.height] : [this.video.videoWidth, this.video.videoHeight]);
    if (!w || !h) return null;
    const { width, height } = this.box;
    const scale = Math.min(width / w, height / h);
    return { x: (width - w * scale) / 2, y: (height - h * scale) / 2, width: w * scale, height: h * scale, scale, w, h };
  }

  /** Raw picture pixels to CSS pixels of the stage. */
  toStage([x, y], frame = this.frame()) {
    return [frame.x + (this.mirrored ? frame.w - x : x) * frame.scale, frame.y + y * frame.scale];
  }

  /** CSS pixels of the stage to raw picture pixels, kept inside the picture. */
  toPicture([x, y], frame = this.frame()) {
    const across = Math.min(Math.max((x - frame.x) / frame.scale, 0), frame.w);
    return [this.mirrored ? frame.w - across : across, Math.min(Math.max((y - frame.y) / frame.scale, 0), frame.h)];
  }

  draw() {
    const { canvas, context } = this;
    const density = devicePixelRatio || 1;
    const [width, height] = [Math.round(this.box.width * density), Math.round(this.box.height * density)];
    if (!width || !height) return;
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    context.setTransform(density, 0, 0, density, 0, 0);
    context.clearRect(0, 0, this.box.width, this.box.height);
    const frame = this.frame();
    if (!frame) return;
    if (this.bitmap) {
      context.save();
      if (this.mirrored) {
        context.translate(2 * frame.x + frame.width, 0);
        context.scale(-1, 1);
      }
      context.drawImage(this.bitmap, frame.x, frame.y, frame.width, frame.height);
      context.restore();
    }
    if (!this.result) return;
    this.frameNow = frame;
    if (this.result.back) this.back(this.result.back);
    if (this.target && !this.assess) this.goal(this.target);
    for (const side of ["left", "right"]) if (this.result.hands?.[side]) this.hand(this.result.hands[side], side);
  }

  line(points, closed = false) {
    const { context } = this;
    context.beginPath();
    let started = false;
    for (const point of points) {
      if (!point || point[0] == null) continue;
      const [x, y] = this.toStage(point, this.frameNow);
      if (started) context.lineTo(x, y);
      else context.moveTo(x, y);
      started = true;
    }
    if (closed) context.closePath();
  }

  back(back) {
    const { context } = this;
    const faint = back.status === "followed" ? 1 : 0.45;
    context.lineJoin = context.lineCap = "round";
    for (const region of back.regions ?? []) {
      this.line(region.polygon, true);
      context.globalAlpha = 0.16 * faint;
      context.fillStyle = region.kind === "avoid" ? "#ff6b5e" : "#5ad1c5";
      context.fill();
      context.globalAlpha = 0.9 * faint;
      context.setLineDash(region.kind === "avoid" ? [3, 5] : [9, 6]);
      context.lineWidth = 2;
      context.strokeStyle = region.kind === "avoid" ? "#ff8f84" : "#8ff0e4";
      context.stroke();
    }
    context.setLineDash([]);
    context.globalAlpha = 0.55 * faint;
    context.strokeStyle = "#fff6e6";
    for (const [name, points] of Object.entries(back.outlines ?? {})) {
      context.lineWidth = name === "spine" ? 2.5 : 1.4;
      this.line(points, name.endsWith("scapula"));
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  /** Where the thumbs should go: the region itself, or an arrow along the pass. */
  goal(points) {
    const { context } = this;
    const places = points.filter((point) => point && point[0] != null);
    if (places.length < 2) return;
    context.lineJoin = context.lineCap = "round";
    this.line(places, places.length > 2);
    if (places.length > 2) {
      context.fillStyle = "#ffd65c55";
      context.fill();
    }
    for (const [width, colour] of [[10, "#17130f99"], [6, "#ffd65c"]]) {
      context.lineWidth = width;
      context.strokeStyle = colour;
      context.stroke();
    }
    if (places.length === 2) this.arrowHead(...places.map((place) => this.toStage(place, this.frameNow)));
  }

  arrowHead([x0, y0], [x, y]) {
    const { context } = this;
    const along = Math.atan2(y - y0, x - x0);
    context.beginPath();
    context.moveTo(x, y);
    for (const turn of [2.6, -2.6]) context.lineTo(x + 30 * Math.cos(along + turn), y + 30 * Math.sin(along + turn));
    context.closePath();
    context.fillStyle = "#ffd65c";
    context.fill();
  }

  hand(hand, side) {
    const { context } = this;
    const sure = hand.status === "detected";
    context.strokeStyle = context.fillStyle = COLOURS[side];
    context.globalAlpha = sure ? 0.75 : 0.35;
    context.lineWidth = 2;
    if (hand.keypoints) {
      for (const bone of BONES) {
        this.line(bone.map((index) => hand.keypoints[index]));
        context.stroke();
      }
    }
    if (hand.contact) {
      const [x, y] = this.toStage(hand.contact, this.frameNow);
      context.globalAlpha = 1;
      context.beginPath();
      context.arc(x, y, 8, 0, 2 * Math.PI);
      context.fill();
      context.lineWidth = 3;
      context.strokeStyle = sure ? "#ffffff" : "#ffffff88";
      context.stroke();
    }
    context.globalAlpha = 1;
  }
}
