// The telephones of everybody else: whoever sits at the page picks them up, or does not.
// Those in use are in the strip, which is always in view; all of them are in their panel, the advisers first.

import { announce, button, find, guarded, make, onKey, shown } from "./page.js";

const RINGING = [["Pick up", "picked_up", "p"], ["Busy", "busy", "b"], ["No answer", "no_answer", "n"], ["Mailbox", "mailbox", "m"]];

export class Telephones {
  #drawn = "";
  #rang = new Set();
  #heard = new Map();

  constructor({ trial }) {
    this.trial = trial;
    onKey((key) => {
      const found = [...document.querySelectorAll(".strip [data-key]")].find((one) => one.dataset.key === key.toLowerCase());
      found?.click();
      return Boolean(found);
    });
  }

  show(view, position) {
    const inOrder = [...view.telephones].sort((a, b) => b.adviser - a.adviser);
    const all = inOrder.map((one) => ({ ...one, said: one.is === "hears" ? said(view, one, position) : "" }));
    const drawing = JSON.stringify(all);
    if (drawing === this.#drawn) return;
    this.#drawn = drawing;
    const held = find("ringing").contains(document.activeElement) ? document.activeElement : null;
    const { number } = held?.closest(".telephone")?.dataset ?? {};
    find("ringing").replaceChildren(...all.filter((one) => one.is !== "quiet").map((one) => this.#telephone(one)));
    find("telephones").replaceChildren(...all.map((one) => this.#listed(one)));
    if (number) this.#focuses(number, held.dataset.doing);
    this.#tells(all);
  }

  #telephone(one) {
    const what = make("div", { className: "what" }, make("h3", {}, make("span", { className: "bell", ariaHidden: "true", textContent: "☎" }), ` ${one.name}’s telephone`), " ",
      make("p", { textContent: state(one) }));
    if (one.said) what.append(make("p", { textContent: `“${one.said}”` }));
    const card = make("article", { className: `telephone ${one.is}`, ariaLabel: `${one.name}’s telephone` }, what, make("div", { className: "row" }, ...this.#doings(one)));
    card.dataset.number = one.number;
    return card;
  }

  #listed(one) {
    const what = make("div", { className: "what" }, make("h3", { textContent: one.name }), make("p", { className: "quietly", textContent: state(one) }));
    return make("div", { className: `telephone ${one.is}` }, what);
  }

  #doings(one) {
    const number = one.number;
    const does = (text, key, doing, fields, isFirst) => {
      const act = guarded(() => this.trial.does(doing, { number, ...fields }, find("ringing")));
      const made = button(text, act, { ariaKeyShortcuts: key, ...(isFirst ? { className: "plain strong" } : {}) });
      made.dataset.key = key;
      made.dataset.doing = `${doing}${JSON.stringify(fields)}`;
      return made;
    };
    if (one.is === "rings") return RINGING.map(([text, how, key], place) => does(text, key, "answer", { how }, place === 0));
    if (one.is === "hears") {
      return [does("Press 1", "p", "press-there", { key: "1" }, true), does("Press 2", "", "press-there", { key: "2" }),
        does("Hang up: decline", "h", "hang-up-there", {})];
    }
    return ["talks", "dials"].includes(one.is) ? [does("Hang up", "h", "hang-up-there", {})] : [];
  }

  #focuses(number, doing) {
    const buttons = [...find("ringing").querySelectorAll(`[data-number="${CSS.escape(number)}"] button`)];
    (buttons.find((one) => one.dataset.doing === doing) ?? buttons[0] ?? find("call")).focus({ preventScroll: true });
  }

  #tells(all) {
    for (const one of all) {
      if (one.is === "rings" && !this.#rang.has(one.number)) announce(`${one.name}’s telephone rings.`);
      if (one.is === "rings") this.#rang.add(one.number);
      else this.#rang.delete(one.number);
      if (one.said && one.said !== this.#heard.get(one.number)) announce(`${one.name} hears: ${one.said}`);
      this.#heard.set(one.number, one.said);
    }
  }
}

function state(one) {
  return {
    quiet: one.adviser ? `${shown(one.number)}. It rings when a caller wants a person.` : shown(one.number),
    rings: `It rings, and shows ${shown(one.shown)}.`,
    hears: "Picked up. The helpline says whom it is about:",
    dials: "It rings the caller.",
    talks: "Talking with the caller.",
  }[one.is];
}

function said(view, one, position) {
  const heard = view.lines.filter((line) => line.ear === one.number && line.who === "helpline" && line.at <= position + 0.01);
  return heard.at(-1)?.text ?? "";
}
