// The picture of the flow where the caller is: the way of the call lights up, and a step that is pressed begins one there.

import { StepEntry } from "./entry.js";
import { find, make } from "./page.js";
import { flowOf, nameOf, sentence, titleOf, words } from "./step_names.js";

const SVG = "http://www.w3.org/2000/svg";
const WHOLE = "whole";
const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 3];
export class Picture {
  #names = [];
  #pinned = ""; // the picture that is kept; "" follows the call
  #files = "";
  #drawn = ""; // what is shown, and of which files
  #name = "";
  #marked = "";
  #visits = [];
  #isCalling = false;
  #zoom = 1;
  #entry;

  constructor(page) {
    this.#entry = new StepEntry(page);
    find("picture-name").addEventListener("change", () => this.#pins(find("picture-name").value));
    find("picture-whole").addEventListener("click", () => this.#pins(this.#pinned === WHOLE ? "" : WHOLE));
    find("picture-nearer").addEventListener("click", () => this.#zooms(1));
    find("picture-farther").addEventListener("click", () => this.#zooms(-1));
    let isHidden = true;
    new ResizeObserver(() => {
      if (isHidden) {
        this.#refreshes();
        this.#toCurrent();
      }
      isHidden = !find("picture").clientHeight;
    }).observe(find("picture"));
  }

  // The names of all pictures: the whole helpline, the flow that calls begin in, the other flows.
  about({ pictures: names }) {
    this.#names = names;
    const option = (value, textContent) => make("option", { value, textContent });
    const flows = names.slice(1).map((name) => option(name, sentence(name)));
    find("picture-name").replaceChildren(option("", "Where the caller is"), option(WHOLE, "The whole helpline"), ...flows);
    if (!names.includes(this.#pinned)) this.#pinned = "";
    find("picture-name").value = this.#pinned;
    this.#refreshes();
  }

  show(view, position) {
    this.#visits = view.path.filter((visit) => visit.at <= position + 0.05);
    this.#isCalling = !["quiet", "ended"].includes(view.call.is);
    this.#files = `${view.edition} ${JSON.stringify(view.mistakes)}`;
    this.#refreshes();
  }

  #refreshes() {
    if (!this.#names.length || !find("picture").offsetParent) return;
    this.#draws();
    const mark = JSON.stringify([this.#visits, this.#isCalling]);
    if (mark === this.#marked) return;
    this.#marked = mark;
    this.#marks();
    this.#tells();
  }

  #pins(name) {
    this.#pinned = name;
    find("picture-name").value = name;
    this.#refreshes();
  }

  get #wanted() {
    const last = this.#visits.at(-1);
    return this.#pinned || (last ? flowOf(last.step) : this.#names[1]);
  }

  async #draws() {
    const name = this.#wanted;
    const drawn = `${name} ${this.#files}`;
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    const answer = await fetch(`pictures/${name}`).catch(() => null);
    if (drawn !== this.#drawn) return;
    if (!answer?.ok) {
      find("picture").replaceChildren(make("p", { className: "empty", textContent: "This flow cannot be drawn just now." }));
      this.#drawn = "";
      this.#name = "";
      return;
    }
    this.#name = name;
    const parsed = new DOMParser().parseFromString(await answer.text(), "image/svg+xml");
    find("picture").replaceChildren(this.#prepared(document.importNode(parsed.documentElement, true)));
    find("picture-whole").setAttribute("aria-pressed", String(name === WHOLE));
    find("picture-hint").textContent = name === WHOLE ? "Press a flow to see its steps." : "Press a step to begin a call there.";
    this.#marks();
  }

  // Its steps become buttons, and it takes the names that this page has for things.
  #prepared(svg) {
    for (const one of svg.querySelectorAll(":scope > title, :scope > desc")) one.remove();
    svg.removeAttribute("aria-labelledby");
    svg.setAttribute("role", "group");
    svg.setAttribute("aria-label", this.#name === WHOLE ? "The whole helpline" : `The flow ${words(this.#name)}`);
    const point = svg.querySelector("marker");
    const taken = point.cloneNode(true);
    taken.id = "point-taken";
    for (const side of ["markerWidth", "markerHeight"]) taken.setAttribute(side, "4"); // of a line that is thicker
    point.after(taken);
    for (const box of svg.querySelectorAll("[data-box]")) this.#becomesButton(box);
    svg.dataset.width = svg.getAttribute("width");
    this.#sizes(svg);
    return svg;
  }

  #becomesButton(box) {
    const [, kind] = box.querySelector("title").textContent.split(" · ");
    const name = box.dataset.box;
    const isFlow = this.#name === WHOLE;
    box.setAttribute("role", "button");
    box.setAttribute("tabindex", "0");
    box.setAttribute("aria-label", isFlow ? `${words(name)}, ${kind}: show this flow` : `${words(name)}, ${kind}: start here`);
    const chosen = () => (isFlow ? this.#pins(name) : this.#entry.open(`${this.#name}/${name}`, box));
    box.addEventListener("click", chosen);
    box.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      chosen();
    });
  }

  // Lights up the steps that were come to, numbered in order, and the arrows between them.
  #marks() {
    const svg = find("picture").querySelector("svg");
    if (!svg) return;
    const isWhole = this.#name === WHOLE;
    const path = (isWhole ? this.#byFlow() : this.#visits).filter((visit) => !visit.stays);
    const here = isWhole ? (step) => flowOf(step) : (step) => (flowOf(step) === this.#name ? nameOf(step) : null);
    const orders = new Map();
    path.forEach(({ step }, n) => orders.set(here(step), [...(orders.get(here(step)) ?? []), n + 1]));
    const last = this.#visits.at(-1);
    for (const box of svg.querySelectorAll("[data-box]")) {
      const order = orders.get(box.dataset.box);
      box.classList.toggle("visited", Boolean(order));
      const isCurrent = Boolean(last) && this.#isCalling && here(last.step) === box.dataset.box;
      box.classList.toggle("last", Boolean(last) && here(last.step) === box.dataset.box);
      if (isCurrent) box.setAttribute("aria-current", "step");
      else box.removeAttribute("aria-current");
      box.querySelector(".order")?.remove();
      if (order) box.append(badge(box, order));
    }
    for (const arrow of svg.querySelectorAll("path[data-to]")) this.#marksArrow(arrow, path, here);
    this.#toCurrent();
  }

  #marksArrow(arrow, path, here) {
    const from = arrow.dataset.from ?? arrow.closest("[data-box]").dataset.box;
    const to = (step) => (arrow.dataset.from || this.#name === WHOLE ? here(step) : step);
    const isTaken = path.some(({ step, happened }, n) => n > 0 && !/^pressed [0#*]$/.test(happened)
      && here(path[n - 1].step) === from && to(step) === arrow.dataset.to);
    arrow.classList.toggle("taken", isTaken);
    arrow.setAttribute("marker-end", isTaken ? "url(#point-taken)" : "url(#point)");
  }

  // One visit for each flow that the call came to, one after another.
  #byFlow() {
    return this.#visits.filter(({ step }, n) => n === 0 || flowOf(this.#visits[n - 1].step) !== flowOf(step));
  }

  // The same in words, for those who do not see the picture.
  #tells() {
    const items = this.#visits.map(({ step, happened, stays }) => {
      const said = happened ? `${happened}, ` : "";
      return make("li", {}, make("span", { className: "happened-there", textContent: said }), stays ? `still at ${titleOf(step)}` : titleOf(step));
    });
    if (items.length && this.#isCalling) items.at(-1).setAttribute("aria-current", "step");
    find("path").replaceChildren(...items);
    find("path").hidden = !items.length;
    find("path").scrollTop = find("path").scrollHeight;
    find("no-path").hidden = items.length > 0;
  }

  #zooms(by) {
    const picture = find("picture");
    const before = this.#zoom;
    const at = Math.min(Math.max(ZOOMS.indexOf(this.#zoom) + by, 0), ZOOMS.length - 1);
    this.#zoom = ZOOMS[at];
    const svg = picture.querySelector("svg");
    if (!svg) return;
    const [x, y] = [picture.scrollLeft + picture.clientWidth / 2, picture.scrollTop + picture.clientHeight / 2];
    this.#sizes(svg);
    const grown = this.#zoom / before;
    picture.scrollTo(x * grown - picture.clientWidth / 2, y * grown - picture.clientHeight / 2);
  }

  #sizes(svg) {
    svg.setAttribute("width", String(Number(svg.dataset.width) * this.#zoom));
    find("picture-zoom").textContent = `${this.#zoom * 100} %`;
    find("picture-farther").disabled = this.#zoom === ZOOMS[0];
    find("picture-nearer").disabled = this.#zoom === ZOOMS.at(-1);
  }

  // Scrolls the picture alone, never the page.
  #toCurrent() {
    const picture = find("picture");
    const rect = (picture.querySelector(".last") ?? picture.querySelector("[data-box]"))?.querySelector(".box");
    if (!rect || !picture.clientHeight) return;
    const [box, frame] = [rect.getBoundingClientRect(), picture.getBoundingClientRect()];
    picture.scrollTo(
      picture.scrollLeft + box.left + box.width / 2 - frame.left - picture.clientWidth / 2,
      picture.scrollTop + box.top + box.height / 2 - frame.top - picture.clientHeight / 2,
    );
  }
}

// The places of a box in the order of visits, at its corner.
function badge(box, order) {
  const rect = box.querySelector(".box");
  const said = order.length > 3 ? `${order.slice(0, 1)}…${order.at(-1)}` : order.join(" ");
  const [x, y, width] = ["x", "y", "width"].map((name) => Number(rect.getAttribute(name)));
  const wide = 12 + said.length * 7;
  const group = document.createElementNS(SVG, "g");
  group.setAttribute("class", "order");
  group.setAttribute("aria-hidden", "true");
  const pill = document.createElementNS(SVG, "rect");
  for (const [name, value] of Object.entries({ x: x + width - wide - 4, y: y - 9, width: wide, height: 18, rx: 9 })) pill.setAttribute(name, value);
  const text = document.createElementNS(SVG, "text");
  for (const [name, value] of Object.entries({ x: x + width - 4 - wide / 2, y: y + 4, "text-anchor": "middle" })) text.setAttribute(name, value);
  text.textContent = said;
  group.append(pill, text);
  return group;
}
