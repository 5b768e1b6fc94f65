// The clock of the trial: set, or run on. What falls due on the way is done on its day.

import { find, guarded, inFull } from "./page.js";

const DAY = 86_400_000;
const written = (date) => date.toISOString().slice(0, 16);

const MOMENTS = {
  hour: (now) => new Date(now.getTime() + 3_600_000),
  weeks: (now) => new Date(now.getTime() + 14 * DAY),
  sunday: (now) => morning(new Date(now.getTime() + (7 - now.getUTCDay()) * DAY)),
  christmas: (now) => {
    const eve = new Date(Date.UTC(now.getUTCFullYear(), 11, 24, 18));
    return eve > now ? eve : new Date(Date.UTC(now.getUTCFullYear() + 1, 11, 24, 18));
  },
};

function morning(day) {
  day.setUTCHours(11, 0, 0, 0);
  return day;
}

export class Clock {
  constructor({ trial, begin }) {
    this.trial = trial;
    this.begin = begin;
    for (const one of find("moments").querySelectorAll("button")) {
      one.addEventListener("click", guarded(() => this.#moves(written(MOMENTS[one.dataset.to](this.#now)), find("moments"))));
    }
    find("setting").addEventListener("submit", guarded(() => this.#sets(find("moment").value)));
    find("afresh").addEventListener("click", guarded(() => this.#begins(trial.view.clock.slice(0, 16), find("afresh"))));
  }

  get #now() {
    return new Date(`${this.trial.view.clock}Z`);
  }

  #sets(at) {
    return at < this.trial.view.clock.slice(0, 16) ? this.#begins(at, find("setting")) : this.#moves(at, find("setting"));
  }

  async #moves(at, place) {
    if (await this.trial.does("clock", { at }, place)) find("clock").hidePopover();
  }

  async #begins(at, place) {
    if (await this.begin({ at, language: find("language").value }, place)) find("clock").hidePopover();
  }

  show(view) {
    const isCalling = !["quiet", "ended"].includes(view.call.is) || Boolean(view.incoming);
    find("today").textContent = inFull(view.clock);
    find("today").dateTime = view.clock;
    for (const one of document.querySelectorAll("#moments button, #setting button, #afresh")) one.disabled = isCalling;
    find("clock-hint").textContent = isCalling ? "Hang up to move the clock: in a call, time passes as it does." : "Reminders come, hours change, dates pass.";
    if (document.activeElement !== find("moment")) find("moment").value = view.clock.slice(0, 16);
  }
}
