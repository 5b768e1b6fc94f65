// Lets time pass: as fast as the words are heard, and at the pace of a clock where nothing is said.
// The server's clock goes only as far as it is told from here.

const EVERY = 100;
const REPORT = 400;
const SKIM = 20;
const QUIET = 2; // nothing is skimmed while somebody may press a key, or pick a telephone up

export class Player extends EventTarget {
  position = 0;
  line = null;
  isHeld = false; // the clock stands, until somebody decides
  #sound = null;
  #started = 0;
  #over = new Set();
  #last = performance.now();
  #reported = 0;

  constructor(trial, voices, wishes) {
    super();
    this.trial = trial;
    this.voices = voices;
    this.wishes = wishes;
    trial.addEventListener("stands", ({ detail }) => this.#follows(detail));
    setInterval(() => this.#passes(), EVERY);
  }

  // Whose telephone is at the ear: the caller's, or that of somebody who is being asked to take the call.
  get ear() {
    const asked = this.trial.view?.telephones.find((one) => one.is === "hears");
    return asked ? asked.number : "caller";
  }

  get isOn() {
    const call = this.trial.view?.call;
    return Boolean(call && (call.busy || !["quiet", "ended"].includes(call.is)));
  }

  // Whether silence is an answer to what is asked.
  get mayStaySilent() {
    const { call, goes_on: due } = this.trial.view;
    return this.isHeld && due !== null && ["listens", "records"].includes(call.is);
  }

  // Let the time run out that the caller has for an answer.
  staySilent() {
    this.#silence();
    this.position = this.trial.view.goes_on;
    return this.trial.does("listen", { until: this.position });
  }

  // A key cuts short what is said while keys are listened for, and nothing else.
  interrupt(always = false) {
    if (always || this.trial.view?.call.is === "listens") this.#silence();
  }

  // What is being said stops where it is, and goes on from there.
  pause(isPaused) {
    if (isPaused) this.#sound?.pause?.();
    else this.#sound?.resume?.();
  }

  #follows({ view, isNew }) {
    if (isNew) {
      this.#silence();
      this.#over = new Set(view.lines.filter((line) => line.at + line.seconds <= view.now).map((line) => line.n));
      this.position = view.now;
    }
    this.position = Math.max(this.position, view.now);
    this.isHeld &&= this.isOn && this.#question() <= this.position;
    const known = this.line && view.lines.find((line) => line.n === this.line.n);
    if (this.line && (!known || known.cut !== null || this.line.ear !== this.ear)) this.#silence();
    this.dispatchEvent(new Event("passes"));
  }

  #passes() {
    const now = performance.now();
    const passed = Math.min((now - this.#last) / 1000, 1);
    this.#last = now;
    if (!this.isOn || this.trial.isDoing || this.trial.isAway || this.wishes.holds()) return;
    const pace = this.wishes.pace();
    if (this.#sound && !this.#sound.isOver) {
      const heard = Math.max(this.#sound.heard, Math.min((this.#said(now) * pace) / this.line.seconds, 1) * 0.5);
      this.position = Math.max(this.position, this.line.at + this.line.seconds * Math.min(heard, 1));
    } else if (this.#sound) {
      this.position = Math.max(this.position, this.line.at + this.line.seconds);
      this.#silence();
    } else {
      this.#goesOn(passed, pace);
    }
    const { goes_on: due, now: told } = this.trial.view;
    const held = this.wishes.waits() ? Math.max(this.#question(), told) : Infinity;
    this.isHeld = this.position >= held;
    this.position = Math.min(this.position, held);
    // Beyond the next thing that happens by itself nobody knows yet how it goes on.
    if (due !== null) this.position = Math.min(this.position, Math.max(due, told));
    this.position = Math.min(this.position, Math.max(this.wishes.ceiling(), told));
    this.#reports(now);
    this.dispatchEvent(new Event("passes"));
  }

  // The second up to which all has been said, if somebody must decide then how it goes on; as ever, if nobody must.
  #question() {
    const { call, incoming, telephones, lines, now } = this.trial.view;
    const isAsked = ["listens", "records"].includes(call.is) || incoming?.state === "rings"
      || telephones.some((one) => one.is === "rings" || one.is === "hears");
    if (!isAsked) return Infinity;
    if (call.keying) return now;
    const heard = lines.filter((line) => line.who === "helpline" && line.cut === null && (line.ear === "caller" || line.ear === this.ear));
    return Math.max(now, ...heard.map((line) => line.at + line.seconds));
  }

  #said(now) {
    return (now - this.#started) / 1000;
  }

  #goesOn(passed, pace) {
    const next = this.#next();
    const speaks = pace < SKIM && this.wishes.sound() !== "none" && this.voices.isInstalled;
    if (!next || !speaks) {
      this.position += passed * this.#haste(pace);
      return;
    }
    this.position = Math.min(this.position + passed * this.#haste(pace), Math.max(next.at, this.position));
    if (this.position >= next.at) this.#speaks(next, pace);
  }

  // Words go by at the pace that was wished for, and silence no more than twice as fast as in life.
  #haste(pace) {
    const { call, lines } = this.trial.view;
    if (call.keying) return 1;
    const isSaid = lines.some(
      (line) => line.who === "helpline" && line.cut === null && line.at <= this.position && this.position < line.at + line.seconds,
    );
    return isSaid ? pace : Math.min(pace, QUIET);
  }

  #next() {
    return this.trial.view.lines.find(
      (line) => line.who === "helpline" && line.ear === this.ear && line.cut === null && line.seconds > 0
        && !this.#over.has(line.n) && line.at + line.seconds > this.position,
    );
  }

  #speaks(line, pace) {
    this.line = line;
    this.#started = performance.now();
    this.#sound = this.voices.speaks(line, this.wishes.sound(), pace, this.trial.soundOf(line));
  }

  #silence() {
    if (this.line) this.#over.add(this.line.n);
    this.#sound?.stop();
    this.#sound = this.line = null;
  }

  #reports(now) {
    const due = this.trial.view.goes_on;
    const isDue = due !== null && this.position >= due;
    if (this.trial.isBusy || (!isDue && now - this.#reported < REPORT)) return;
    this.#reported = now;
    if (this.position > this.trial.view.now) this.trial.does("listen", { until: isDue ? due : this.position });
  }
}
