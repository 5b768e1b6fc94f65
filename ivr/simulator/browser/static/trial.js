// One trial on the server: what is done in it, one thing after another, and how it stands.

import { tell } from "./messages.js";
import { find, minutes } from "./page.js";
import { meaning, newId, Server } from "./server.js";

const AWAY = "The server does not answer. The call stands still, and goes on by itself when the server is back.";

export class Trial extends EventTarget {
  name = "";
  view = null;
  #server = new Server();
  #isGone = false;
  #restored = "null";
  #queue = Promise.resolve();
  #waiting = 0;
  #doing = 0;

  constructor() {
    super();
    this.#server.addEventListener("away", () => tell(find("server"), AWAY));
    this.#server.addEventListener("back", () => tell(find("server"), ""));
  }

  get isBusy() {
    return this.#waiting > 0;
  }

  // Whether something was done of which it is not known yet what comes of it.
  get isDoing() {
    return this.#doing > 0;
  }

  // While the server is away the call stands still.
  get isAway() {
    return this.#server.isAway;
  }

  // `place` is the element that it is about: a refusal is told beside it.
  begin(fields, place = find("call")) {
    return this.#inTurn(() => this.#begin(fields, place));
  }

  async #begin(fields, place) {
    const begun = await this.#asks("trials", { ...fields, id: newId() }, place);
    if (begun) this.#begins(begun.name, begun);
    return Boolean(begun);
  }

  // Go on with a trial of this tab; return whether it is still there.
  async resume(name) {
    try {
      const answer = await fetch(`trials/${name}`);
      const { told } = meaning({ status: answer.status, text: await answer.text() }, `trials/${name}`);
      if (told) this.#begins(name, told);
      return Boolean(told);
    } catch {
      return false;
    }
  }

  #begins(name, view) {
    this.name = name;
    this.#isGone = false;
    this.#restored = "null";
    sessionStorage.setItem("trial", name);
    tell(find("server"), "");
    this.#stands(view, true);
  }

  // Requests go out in turn: a key is never overtaken by the time that passed before it.
  does(doing, fields = {}, place = null) {
    const counts = doing === "listen" ? 0 : 1;
    if (counts && this.isAway) {
      tell(place ?? find("call"), "The server is away, so this was not done. Try again when it is back.");
      return Promise.resolve(null);
    }
    this.#waiting += 1;
    this.#doing += counts;
    if (counts) this.dispatchEvent(new Event("does"));
    return this.#inTurn(async () => {
      if (this.#isGone && doing === "dial") await this.#begin({ at: this.view.clock.slice(0, 16), language: this.view.language ?? "" }, place);
      const view = await this.#asks(`trials/${this.name}/${doing}`, counts ? { ...fields, id: newId() } : fields, place);
      this.#waiting -= 1;
      this.#doing -= counts;
      if (view) this.#stands(view, false);
      return view;
    });
  }

  #inTurn(does) {
    const done = this.#queue.then(does);
    this.#queue = done.catch(() => null);
    return done;
  }

  // Show how it stands: something was done elsewhere, such as at the desk.
  looks() {
    const { name } = this;
    return this.#inTurn(async () => {
      const answer = await fetch(`trials/${name}`).catch(() => null); // whoever does something is told that it is away
      if (answer?.ok && name === this.name) this.#stands(await answer.json(), false);
    });
  }

  script(fields, place) {
    return this.#asks(`trials/${this.name}/script`, { ...fields, id: newId() }, place);
  }

  soundOf(line) {
    return `trials/${this.name}/sounds/${line.n}`;
  }

  async #asks(address, fields, place) {
    const { told, error, isGone } = await this.#server.asks(address, fields);
    if (isGone) this.#goes(error);
    else if (place || error) tell(place ?? find("call"), error ?? "");
    return told ?? null;
  }

  // The server knows nothing of this trial any more: the call is over, and Ring begins another.
  #goes(error) {
    this.#isGone = true;
    tell(find("server"), error);
    const { view } = this;
    if (view) this.#stands({ ...view, call: { ...view.call, is: "ended", busy: false }, ended: view.ended ?? view.now, goes_on: null }, false);
  }

  // A trial that the server has played again may have other words, or stand further back: then all is shown anew.
  #stands(view, isNew) {
    this.view = view;
    const restored = JSON.stringify(view.restored);
    const isOther = restored !== this.#restored && isDifferent(view.restored);
    if (restored !== this.#restored && view.restored) tell(find("server"), afterRestart(view));
    this.#restored = restored;
    this.dispatchEvent(new CustomEvent("stands", { detail: { view, isNew: isNew || isOther } }));
  }
}

const isDifferent = (restored) => restored !== null && (restored.words_since !== null || restored.way_since !== null);

function afterRestart({ restored, began }) {
  const second = (since) => minutes(since - began);
  if (restored.way_since !== null) return `The server was started again, and from ${second(restored.way_since)} on the call takes another way now. It goes on from there.`;
  if (restored.words_since !== null) return `The server was started again, and its words have changed. From ${second(restored.words_since)} on you see the new ones. The call goes on where it was.`;
  return "The server was started again. The call goes on where it was.";
}
