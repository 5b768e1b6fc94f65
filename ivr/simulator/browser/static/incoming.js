// The caller's own telephone when the helpline rings it: what it shows, and how it is answered or declined.

import { announce, button, find, guarded, make, shown } from "./page.js";

export class Incoming {
  #drawn = "";
  #state = "";

  constructor({ trial }) {
    this.trial = trial;
  }

  show({ incoming, telephones }) {
    const drawing = JSON.stringify(incoming);
    if (drawing === this.#drawn) return;
    this.#drawn = drawing;
    const isHeld = find("incoming").contains(document.activeElement);
    find("incoming").replaceChildren(...(incoming ? [this.#card(incoming, telephones)] : []));
    if (isHeld) (find("incoming").querySelector("button") ?? find("call")).focus();
    const state = incoming?.state ?? "";
    if (state === "rings" && this.#state !== state) announce(`Your telephone rings, and shows ${shown(incoming.shown)}.`);
    this.#state = state;
  }

  #card(incoming, telephones) {
    const rings = incoming.state === "rings";
    const who = telephones.find((one) => one.number === incoming.by)?.name ?? "the helpline";
    const says = rings ? `${shown(incoming.number)} rings, and shows ${shown(incoming.shown)}.` : `Talking with ${who}.`;
    const what = make("div", { className: "what" },
      make("h3", {}, make("span", { className: "bell", ariaHidden: "true", textContent: "☎" }), " Your telephone"), make("p", { textContent: says }));
    const does = (text, key, doing, fields) => {
      const made = button(text, guarded(() => this.trial.does(doing, {}, find("incoming"))), { ariaKeyShortcuts: key, ...fields });
      made.dataset.key = key;
      return made;
    };
    const doings = rings ? [does("Answer", "p", "pick-up", { className: "plain strong" }), does("Decline", "h", "decline")] : [does("Hang up", "h", "hang-up")];
    return make("article", { className: `telephone ${incoming.state}`, ariaLabel: "Your telephone" }, what, make("div", { className: "row" }, ...doings));
  }
}
