// What to try first: what is there at this hour, with what works in it.

import { find, guarded } from "./page.js";

const DAY = 86_400_000;
const SIX_WEEKS = 42 * DAY;
const TO_THE_DEADLINE = (date) => `11${date}12`;

export class Welcome {
  constructor({ ring, press, clock }) {
    const tries = {
      deadline: () => this.#calls(TO_THE_DEADLINE(this.date)),
      person: () => this.#calls("0"),
      text: () => this.#calls(`${TO_THE_DEADLINE(this.date)}114111`),
      silence: () => this.#calls(""),
      christmas: (place) => clock.toChristmas(place),
      ten: (place) => clock.toTen(place),
    };
    this.ring = ring;
    this.press = press;
    for (const one of find("welcome").querySelectorAll("[data-try]")) {
      one.addEventListener("click", guarded(() => tries[one.dataset.try](one)));
    }
  }

  show(view) {
    find("welcome").hidden = view.lines.length > 0;
    this.date = date(view.clock);
    find("letter").textContent = this.date;
    for (const one of find("welcome").querySelectorAll("[data-when]")) {
      one.hidden = view.hours.is_open !== (one.dataset.when === "open");
    }
  }

  async #calls(keys) {
    if (!(await this.ring())) return;
    for (const key of keys) this.press(key);
    find("call").focus();
  }
}

// Of a letter that came six weeks ago: there are two months to appeal.
function date(clock) {
  const letter = new Date(Date.parse(`${clock}Z`) - SIX_WEEKS).toISOString();
  return `${letter.slice(8, 10)}${letter.slice(5, 7)}${letter.slice(0, 4)}`;
}
