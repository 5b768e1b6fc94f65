// The flows as they stand: every step, the one where the caller is lit up, and where it leads.

import { find, make } from "./page.js";

const name = (at) => at.split("/")[1].replaceAll("_", " ");
const flowOf = (at) => at.split("/")[0];

export class Picture {
  #boxes = new Map();
  #at = null;

  about({ flows }) {
    this.#at = null;
    this.#boxes = new Map(Object.values(flows).flat().map((box) => [box.at, box]));
    const order = Object.keys(flows).sort((a, b) => (b === "welcome") - (a === "welcome"));
    find("map").replaceChildren(...order.map((flow) => this.#flow(flow, flows[flow])));
  }

  show({ step: at }) {
    if (at === this.#at) return;
    this.#at = at;
    const box = this.#boxes.get(at);
    const next = new Set((box?.exits ?? []).map(([, to]) => to));
    for (const item of find("map").querySelectorAll("li")) {
      item.classList.toggle("next", next.has(item.dataset.at));
      if (item.dataset.at === at) item.setAttribute("aria-current", "step");
      else item.removeAttribute("aria-current");
    }
    for (const flow of find("map").children) flow.classList.toggle("current", Boolean(box) && flow.dataset.flow === flowOf(at));
    find("here").replaceChildren(...this.#here(box));
  }

  #flow(flow, boxes) {
    const steps = boxes.map((box) => {
      const item = make("li", { textContent: name(box.at), title: box.kind });
      item.dataset.at = box.at;
      return item;
    });
    const made = make("div", { className: "flow" }, make("h3", { textContent: flow.replaceAll("_", " ") }), make("ul", {}, ...steps));
    made.dataset.flow = flow;
    return made;
  }

  #here(box) {
    if (!box) return [make("p", { className: "quietly", textContent: "Nobody is on the line. In a call, the step that waits for the caller is lit up, and the steps it leads to are framed." })];
    const exits = [...box.exits].sort(([a], [b]) => (a === "otherwise") - (b === "otherwise"));
    const ways = exits.map(([by, to]) => {
      const short = flowOf(to) === flowOf(box.at) ? name(to) : `${flowOf(to).replaceAll("_", " ")}: ${name(to)}`;
      return make("li", {}, make("b", { textContent: way(by) }), ` → ${short}`);
    });
    if (!ways.length) ways.push(make("li", { textContent: "waits here" }));
    const now = make("span", { className: "now", textContent: `${flowOf(box.at).replaceAll("_", " ")}: ${name(box.at)}` });
    return [now, make("span", { className: "quietly", textContent: `a “${box.kind.replaceAll("_", " ")}” step:` }), make("ul", {}, ...ways)];
  }
}

const way = (by) => by.replace(/^choices\.(\d)\.go$/, "$1").replaceAll("_", " ");
