// One trial on the server: what is done in it, one thing after another, and how it stands.

import { tell } from "./messages.js";
import { find } from "./page.js";

export class Trial extends EventTarget {
  name = "";
  view = null;
  #queue = Promise.resolve();
  #waiting = 0;
  #doing = 0;

  get isBusy() {
    return this.#waiting > 0;
  }

  // Whether something was done of which it is not known yet what comes of it.
  get isDoing() {
    return this.#doing > 0;
  }

  // `place` is the element that it is about: a refusal is told beside it.
  begin(fields, place = find("call")) {
    return this.#inTurn(async () => {
      const begun = await this.#asks("trials", fields, place);
      if (begun) {
        this.name = begun.name;
        sessionStorage.setItem("trial", this.name);
        this.#stands(begun, true);
      }
      return Boolean(begun);
    });
  }

  async resume(name) {
    const answer = await fetch(`trials/${name}`);
    if (!answer.ok) return false;
    this.name = name;
    this.#stands(await answer.json(), true);
    return true;
  }

  // Requests go out in turn: a key is never overtaken by the time that passed before it.
  does(doing, fields = {}, place = null) {
    const counts = doing === "listen" ? 0 : 1;
    this.#waiting += 1;
    this.#doing += counts;
    return this.#inTurn(async () => {
      const view = await this.#asks(`trials/${this.name}/${doing}`, fields, place);
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
      const answer = await fetch(`trials/${name}`);
      if (answer.ok && name === this.name) this.#stands(await answer.json(), false);
    });
  }

  script(fields, place) {
    return this.#asks(`trials/${this.name}/script`, fields, place);
  }

  soundOf(line) {
    return `trials/${this.name}/sounds/${line.n}`;
  }

  async #asks(address, fields, place) {
    try {
      const answer = await fetch(address, {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        body: JSON.stringify(fields),
      });
      const told = await answer.json();
      tell(find("server"), "");
      if (place || told.error) tell(place ?? find("call"), told.error ?? "");
      return told.error ? null : told;
    } catch {
      tell(find("server"), "The server does not answer. Is it still running?");
      return null;
    }
  }

  #stands(view, isNew) {
    this.view = view;
    this.dispatchEvent(new CustomEvent("stands", { detail: { view, isNew } }));
  }
}
