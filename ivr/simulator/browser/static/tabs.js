// The panels beside the telephone, one at a time. Where there is room, the call has a column of its own and is none of them.

import { find, make } from "./page.js";

const WIDE = matchMedia("(min-width: 68em)");
const MOVES = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

export class Tabs {
  #tabs = [...document.querySelectorAll("[role=tab]")];
  #chosen = "";

  constructor() {
    for (const tab of this.#tabs) {
      tab.addEventListener("click", () => this.open(name(tab)));
      tab.addEventListener("keydown", (event) => this.#moves(event, tab));
    }
    WIDE.addEventListener("change", () => this.#shows());
    this.#chosen = sessionStorage.getItem("tab") ?? "";
    this.#shows();
  }

  open(panel) {
    this.#chosen = panel;
    sessionStorage.setItem("tab", panel);
    this.#shows();
  }

  // What waits behind a tab, as “1 text”; nothing takes it away.
  badge(panel, text) {
    const tab = find(`tab-${panel}`);
    const badge = tab.querySelector(".badge");
    if ((badge?.textContent ?? "") === text) return;
    badge?.remove();
    if (text) tab.append(make("span", { className: "badge", textContent: text }));
  }

  // Takes a panel away for good: whoever looks may not see what is in it.
  remove(panel) {
    this.#tabs = this.#tabs.filter((tab) => name(tab) !== panel);
    find(`tab-${panel}`).hidden = find(`panel-${panel}`).hidden = true;
    this.#shows();
  }

  isOpen(panel) {
    return !find(`panel-${panel}`).hidden;
  }

  get #offered() {
    return this.#tabs.filter((tab) => !(WIDE.matches && tab.id === "tab-call"));
  }

  #shows() {
    const offered = this.#offered;
    const chosen = offered.find((tab) => name(tab) === this.#chosen) ?? offered[0];
    for (const tab of this.#tabs) {
      const isChosen = tab === chosen;
      tab.ariaSelected = String(isChosen);
      tab.tabIndex = isChosen ? 0 : -1;
      find(`panel-${name(tab)}`).hidden = !isChosen && offered.includes(tab);
    }
    find("panel-call").setAttribute("role", WIDE.matches ? "region" : "tabpanel");
    document.dispatchEvent(new Event("panel"));
  }

  #moves(event, tab) {
    const offered = this.#offered;
    const place = { Home: 0, End: offered.length - 1 }[event.key] ?? (event.key in MOVES ? offered.indexOf(tab) + MOVES[event.key] : null);
    if (place === null) return;
    event.preventDefault();
    const next = offered.at(place % offered.length);
    this.open(name(next));
    next.focus();
  }
}

const name = (tab) => tab.id.replace("tab-", "");
