// One clock for what is watched: the kept video, or the replay of the thumbs where there is none.
export class Player {
  /** @param {HTMLVideoElement|null} video  @param {number} duration seconds  @param {(time: number) => void} shown */
  constructor(video, duration, shown) {
    this.video = video;
    this.duration = duration;
    this.shown = shown;
    this.at = 0;
    this.speed = 1;
    this.running = false;
    this.last = 0;
    /** @type {number | null} */
    this.told = null;
    this.toldPlaying = false;
    if (video) {
      video.addEventListener("loadedmetadata", () => {
        if (Number.isFinite(video.duration)) this.duration = Math.max(this.duration, video.duration);
        this.tell();
      });
      for (const name of ["play", "pause", "seeked"]) video.addEventListener(name, () => this.tell());
    }
    /** @param {number} now */
    const step = (now) => {
      if (this.running && !video) {
        this.at = Math.min(this.duration, this.at + ((now - this.last) / 1000) * this.speed);
        if (this.at >= this.duration) this.running = false;
      }
      this.last = now;
      const time = this.time;
      if (time !== this.told || this.playing !== this.toldPlaying) this.tell();
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  }

  get time() {
    return this.video ? this.video.currentTime : this.at;
  }

  get playing() {
    return this.video ? !this.video.paused : this.running;
  }

  tell() {
    const { time } = this;
    this.told = time;
    this.toldPlaying = this.playing;
    this.shown(time);
  }

  /** @param {number} time seconds */
  seek(time) {
    const to = Math.min(Math.max(0, time), this.duration);
    if (this.video) this.video.currentTime = to;
    else this.at = to;
    this.tell();
  }

  play() {
    if (this.time >= this.duration - 0.05) this.seek(0);
    // A browser may refuse to play before anything was pressed; then the button stays.
    if (this.video) this.video.play().catch(() => this.tell());
    else this.running = true;
  }

  pause() {
    if (this.video) this.video.pause();
    else this.running = false;
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  /** @param {number} speed 1 as it was */
  setSpeed(speed) {
    this.speed = speed;
    if (this.video) this.video.playbackRate = speed;
  }
}
