// The tour: kept calls played aloud, one after another, by doing in a trial what was done in them, at its second.

import { tell } from "./messages.js";
import { announce, find } from "./page.js";

const WIDE = matchMedia("(min-width: 68em)");
const TO_READ = 9000; // milliseconds to see what became of a call
const CALLS = ["", "One call, played", "Two calls, played", "Three calls, played"];

export class Tour {
  isOn = false;
  isPaused = false;
  #calls = [];
  #place = 0; // which call is played, or is about to be
  #actions = [];
  #found = [];
  #next = 0;
  #last = 0;
  #trial = "";
  #rest = 0;
  #turn = 0; // which playing it is: one that was stopped meanwhile does not begin

  constructor(page) {
    this.page = page;
    find("tour-start").addEventListener("click", () => this.#plays(0));
    find("tour-pause").addEventListener("click", () => this.#pauses());
    find("tour-next").addEventListener("click", () => this.#plays(this.#place + 1));
    find("tour-stop").addEventListener("click", () => this.stops());
  }

  // The second beyond which time waits for what is done next.
  get ceiling() {
    return this.isOn && this.#next < this.#actions.length ? this.#last + this.#actions[this.#next].after : Infinity;
  }

  async about(told) {
    find("voice").textContent = `The voice here stands in for the one that callers hear: ${told.voices[find("language").value]}.`;
    const found = await fetch("tour").then((answer) => answer.json()).catch(() => null);
    if (!found) return; // the server is away: this is asked for again when it is back
    const { calls, why_none: whyNone } = found;
    this.#calls = calls;
    find("tour-start").hidden = calls.length === 0;
    find("tour-offer").textContent = calls.length ? `${CALLS[calls.length] ?? `${calls.length} calls, played`} aloud, with what to listen for.` : whyNone;
  }

  // Whoever does something stops the tour, and goes on from where it is.
  stops() {
    clearTimeout(this.#rest);
    if (this.isPaused) this.#pauses();
    this.#rest = 0;
    this.#turn += 1;
    this.isOn = false;
    this.#actions = [];
    find("tour").hidden = true;
  }

  show(view, position) {
    if (!this.isOn || this.isPaused || this.page.trial.isDoing || this.#rest) return;
    if (this.page.trial.name !== this.#trial) return this.stops();
    const isOver = !this.page.player.isOn;
    if (this.#next < this.#actions.length) {
      if (isOver || position >= this.ceiling - 0.01) this.#does(position);
    } else if (isOver) this.#rests();
  }

  async #plays(place) {
    clearTimeout(this.#rest);
    this.#rest = 0;
    if (this.isPaused) this.#pauses();
    const call = this.#calls[place];
    find("tour").hidden = false;
    find("tour-next").disabled = place + 1 >= this.#calls.length;
    find("tour-told").textContent = `Call ${place + 1} of ${this.#calls.length}, ${call.title}. ${call.listen_for}`;
    this.#place = place;
    this.isOn = false;
    const turn = ++this.#turn;
    const told = await (await fetch(`tour/${call.name}`)).json();
    tell(find("tour-told"), told.error ?? "");
    if (turn !== this.#turn) return;
    if (!told.error) await this.page.begin({ tour: call.name }, find("tour-told"));
    if (turn !== this.#turn) return;
    [this.#actions, this.#found] = told.error ? [[], []] : [told.actions, told.found];
    [this.#next, this.#last, this.#trial, this.isOn] = [0, this.page.player.position, this.page.trial.name, true];
    this.page.tabs.open(WIDE.matches ? "people" : "call");
    if (this.#calls[place + 1]) fetch(`tour/${this.#calls[place + 1].name}`); // the server has it ready by then
    if (!find("tour").contains(document.activeElement)) find("tour-pause").focus();
  }

  #does(position) {
    const { action, after, fields } = this.#actions[this.#next];
    this.#last = Math.max(this.#last + after, position);
    this.#next += 1;
    if (action === "press") this.page.press(fields.key);
    else if (action === "dial") this.page.dial(fields.caller);
    else {
      if (action === "hang-up") this.page.player.interrupt(true);
      this.page.trial.does(action, action === "clock" ? fields : { ...fields, until: position }, find("tour"));
    }
  }

  // What became of the call is seen for a while; then comes the next.
  #rests() {
    const { length } = this.#calls;
    this.#rest = setTimeout(() => (this.#place + 1 < length ? this.#plays(this.#place + 1) : this.#ends()), TO_READ);
    if (!this.#found.length) return;
    find("tour-told").textContent = `The next morning the adviser finds: ${this.#found.join(" ")}`;
    if (WIDE.matches) this.page.tabs.open("desk");
  }

  async #ends() {
    this.#rest = 0;
    this.stops();
    await this.page.begin({});
    find("call").focus();
    announce("That was the tour. Now you: press Ring.");
    find("tour-offer").textContent = "That was the tour. Now you: press Ring.";
  }

  #pauses() {
    this.isPaused = !this.isPaused;
    find("tour-pause").textContent = this.isPaused ? "Go on" : "Pause";
    this.page.player.pause(this.isPaused);
    if (!this.isPaused || !this.#rest) return;
    clearTimeout(this.#rest); // what is read may take longer
    this.#rest = 0;
  }
}
