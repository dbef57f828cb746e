// What can be heard: cues by the browser's own voice (or a tone where it has none), the beat, the countdown.
import { currentLanguage } from "./messages.js";

export class Voice {
  constructor() {
    this.on = true;
    /** @type {AudioContext | null} */
    this.audio = null;
    this.beatTimer = 0;
    this.restTimer = 0;
  }

  /** Browsers allow sound only after a press of a button. */
  wake() {
    this.audio ??= new AudioContext();
    this.rest();
  }

  /** Let the sound device sleep between tones: feeding it silence costs a slow laptop more than a tone does. */
  rest() {
    clearTimeout(this.restTimer);
    this.restTimer = window.setTimeout(() => this.audio?.suspend(), 2000);
  }

  /**
   * @param {number} hertz
   * @param {number} [seconds]
   * @param {number} [loudness] 0 to 1
   */
  tone(hertz, seconds = 0.12, loudness = 0.25) {
    if (!this.on || !this.audio) return;
    this.rest();
    if (this.audio.state === "suspended") {
      const { audio } = this;
      audio.resume().then(() => this.sound(audio, hertz, seconds, loudness));
      return;
    }
    this.sound(this.audio, hertz, seconds, loudness);
  }

  /**
   * @param {AudioContext} audio
   * @param {number} hertz
   * @param {number} seconds
   * @param {number} loudness 0 to 1
   */
  sound(audio, hertz, seconds, loudness) {
    const oscillator = audio.createOscillator();
    const gain = audio.createGain();
    const start = audio.currentTime;
    oscillator.frequency.value = hertz;
    gain.gain.setValueAtTime(loudness, start);
    gain.gain.exponentialRampToValueAtTime(0.001, start + seconds);
    oscillator.connect(gain).connect(audio.destination);
    oscillator.start(start);
    oscillator.stop(start + seconds);
  }

  /**
   * @param {string} text
   * @param {boolean} [praise]
   */
  say(text, praise = false) {
    if (!this.on) return;
    const wanted = currentLanguage();
    // Local voices only: others would send the words to a server.
    const voice = globalThis.speechSynthesis?.getVoices().find((v) => v.localService && v.lang.toLowerCase().startsWith(wanted));
    if (!voice) {
      this.tone(praise ? 880 : 440, 0.35);
      return;
    }
    const spoken = new SpeechSynthesisUtterance(text);
    spoken.voice = voice;
    spoken.lang = voice.lang;
    speechSynthesis.cancel();
    speechSynthesis.speak(spoken);
  }

  hush() {
    globalThis.speechSynthesis?.cancel();
  }

  /** @param {number | null} hertz null for silence */
  beat(hertz) {
    clearInterval(this.beatTimer);
    this.beatTimer = hertz ? window.setInterval(() => this.tone(1200, 0.05, 0.15), 1000 / hertz) : 0;
  }
}
