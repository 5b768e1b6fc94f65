// The clock of the trial: set, or run on. What falls due on the way is done on its day.

import { button, find, guarded, inFull, inShort } from "./page.js";

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
const ALL = "#moments button, #setting button, #afresh, #at-ten, #next-event, #events button, [data-try=christmas], [data-try=ten]";

function morning(day) {
  day.setUTCHours(11, 0, 0, 0);
  return day;
}

export class Clock {
  #events = "";

  constructor({ trial, begin }) {
    this.trial = trial;
    this.begin = begin;
    for (const one of find("moments").querySelectorAll("button")) {
      one.addEventListener("click", guarded(() => this.#moves(this.#at(one.dataset.to), find("moments"))));
    }
    find("setting").addEventListener("submit", guarded(() => this.#sets(find("moment").value)));
    find("afresh").addEventListener("click", guarded(() => this.#begins(trial.view.clock, find("afresh"))));
    find("as-it-is").addEventListener("click", guarded(() => this.#begins(trial.view.put_off_from, find("put-off"))));
    find("next-event").addEventListener("click", guarded(() => this.#moves(trial.view.hours.events[0].at, find("next-event").parentElement)));
    find("at-ten").addEventListener("click", guarded(() => this.toTen(find("at-ten").parentElement)));
  }

  toTen(place) {
    return this.#moves(this.trial.view.hours.at_ten, place);
  }

  toChristmas(place) {
    return this.#moves(this.#at("christmas"), place);
  }

  #at(name) {
    return written(MOMENTS[name](new Date(`${this.trial.view.clock}Z`)));
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
    find("hours").textContent = open(view);
    find("emergency").hidden = !view.hours.emergency;
    find("emergency").textContent = `Callers hear first: “${view.hours.emergency}”`;
    this.#offers(view);
    for (const one of document.querySelectorAll(ALL)) one.disabled = isCalling;
    find("at-ten").disabled ||= !view.hours.at_ten;
    find("clock-hint").textContent = isCalling ? "Hang up to move the clock: in a call, time passes as it does." : "Reminders come, hours change, dates pass.";
    if (document.activeElement !== find("moment")) find("moment").value = view.clock.slice(0, 16);
    find("put-off").hidden = !view.put_off_from || view.call.is !== "quiet";
    if (view.put_off_from) {
      find("put-off").firstElementChild.textContent = `It is ${inShort(view.put_off_from)}, and nobody would answer. So here it is the next time at which somebody does.`;
    }
  }

  #offers({ clock, hours }) {
    const events = JSON.stringify([hours.events, clock.slice(0, 10)]);
    if (events === this.#events) return;
    this.#events = events;
    const told = ({ at, what }) => `${what}, ${at.slice(0, 10) === clock.slice(0, 10) ? at.slice(11, 16) : inShort(at)}`;
    find("next-event").hidden = !hours.events.length;
    find("next-event").textContent = hours.events.length ? told(hours.events[0]) : "";
    find("events").replaceChildren(...hours.events.map((one) => button(told(one), guarded(() => this.#moves(one.at, find("events"))))));
  }
}

function open({ clock, hours }) {
  const at = hours.until && (hours.until.slice(0, 10) === clock.slice(0, 10) ? hours.until.slice(11, 16) : inShort(hours.until));
  const emergency = hours.emergency ? " An emergency message is on." : "";
  if (!hours.is_open) return `Closed, ${hours.why}${at ? `, until ${at}` : ""}.${emergency}`;
  const there = hours.on_shift.length ? `; on shift: ${hours.on_shift.join(", ")}` : "";
  return `Open${at ? ` until ${at}` : ""}${there}.${emergency}`;
}
