// The telephones of everybody else: whoever sits at the page picks them up, or does not.

import { announce, button, find, make, shown } from "./page.js";

const RINGING = [["Pick up", "picked_up"], ["Busy", "busy"], ["No answer", "no_answer"], ["Mailbox", "mailbox"]];

export class Telephones {
  #drawn = "";
  #rang = new Set();

  constructor(trial) {
    this.trial = trial;
    this.place = find("telephones");
  }

  show(view, position) {
    const wanted = this.#wanted(view.telephones).map((one) => ({ ...one, said: one.is === "hears" ? said(view, one, position) : "" }));
    const drawing = JSON.stringify(wanted);
    if (drawing === this.#drawn) return;
    this.#drawn = drawing;
    const held = document.activeElement?.closest?.(".telephone")?.dataset.number;
    const doing = document.activeElement?.dataset?.doing;
    this.place.replaceChildren(...wanted.map((one) => this.#telephone(one)));
    if (held) this.#focuses(held, doing);
    this.#tells(wanted);
  }

  // One for the advisers and one for everybody else at the least; more where more are in use.
  #wanted(all) {
    const ours = all.filter((one) => one.adviser);
    const theirs = all.filter((one) => !one.adviser);
    const used = (some) => {
      const busy = some.filter((one) => one.is !== "quiet");
      return busy.length ? busy : some.slice(0, 1);
    };
    return [...used(ours), ...used(theirs)];
  }

  #telephone(one) {
    const card = make("article", { className: `telephone ${one.is}`, ariaLabel: `${one.name}’s telephone` });
    card.dataset.number = one.number;
    card.append(make("h3", {}, make("span", { className: "bell", ariaHidden: "true", textContent: "☎" }), ` ${one.name}’s telephone`));
    card.append(make("p", { textContent: this.#state(one) }));
    if (one.said) card.append(make("p", { textContent: `“${one.said}”` }));
    const doings = this.#doings(one);
    if (doings.length) card.append(make("div", { className: "row" }, ...doings));
    return card;
  }

  #state(one) {
    return {
      quiet: one.adviser ? "Quiet. It rings when a caller wants a person." : `Quiet. ${shown(one.number)}`,
      rings: `It rings, and shows ${shown(one.shown)}.`,
      hears: "Picked up. The helpline says who is calling:",
      talks: "Talking with the caller.",
    }[one.is];
  }

  #doings(one) {
    const number = one.number;
    const does = (text, doing, fields, isFirst) => {
      const made = button(text, () => this.trial.does(doing, { number, ...fields }), isFirst ? { className: "plain strong" } : {});
      made.dataset.doing = `${doing}${JSON.stringify(fields)}`;
      return made;
    };
    if (one.is === "rings") return RINGING.map(([text, how], place) => does(text, "answer", { how }, place === 0));
    if (one.is === "hears") {
      return [does("Press 1: take the call", "press-there", { key: "1" }, true), does("Press 2", "press-there", { key: "2" }),
        does("Hang up: decline", "hang-up-there", {})];
    }
    return one.is === "talks" ? [does("Hang up", "hang-up-there", {})] : [];
  }

  #focuses(number, doing) {
    const buttons = [...this.place.querySelectorAll(`[data-number="${CSS.escape(number)}"] button`)];
    (buttons.find((one) => one.dataset.doing === doing) ?? buttons[0] ?? find("call")).focus();
  }

  #tells(wanted) {
    for (const one of wanted) {
      if (one.is === "rings" && !this.#rang.has(one.number)) announce(`${one.name}’s telephone rings.`);
      if (one.is === "rings") this.#rang.add(one.number);
      else this.#rang.delete(one.number);
    }
  }
}

function said(view, one, position) {
  const heard = view.lines.filter((line) => line.ear === one.number && line.who === "helpline" && line.at <= position + 0.01);
  return heard.at(-1)?.text ?? "";
}
