// The clock of the trial: set, or run on. What falls due on the way is done on its day.

import { find, inFull } from "./page.js";

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
  constructor(trial, afresh) {
    this.trial = trial;
    for (const one of find("moments").querySelectorAll("button")) {
      one.addEventListener("click", () => trial.does("clock", { at: written(MOMENTS[one.dataset.to](this.#now)) }));
    }
    find("setting").addEventListener("submit", (event) => {
      event.preventDefault();
      const at = find("moment").value;
      if (at < trial.view.clock.slice(0, 16)) afresh(at);
      else trial.does("clock", { at });
    });
    find("afresh").addEventListener("click", () => afresh(trial.view.clock.slice(0, 16)));
  }

  get #now() {
    return new Date(`${this.trial.view.clock}Z`);
  }

  show(view, isOn) {
    find("today").textContent = inFull(view.clock);
    find("today").dateTime = view.clock;
    for (const one of document.querySelectorAll("#moments button, #setting button, #afresh")) one.disabled = isOn;
    find("clock-hint").textContent = isOn ? "Hang up to move the clock: in a call, time passes as it does." : "Reminders come, hours change, dates pass.";
    if (document.activeElement !== find("moment")) find("moment").value = view.clock.slice(0, 16);
  }
}
