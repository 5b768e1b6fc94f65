// The call as a conversation: each line when its time has come.

import { find, make, minutes, shown, spoken } from "./page.js";

const KEYS = /^presses ([0-9*#]+)$/;
const NAMES = { "*": "star", "#": "hash" };

export class Transcript {
  #drawn = new Map();
  #last = null;
  #own = new Set(); // the caller's numbers, at one of which the helpline may ring back

  constructor(player, sentences) {
    this.player = player;
    this.sentences = sentences;
    this.list = find("transcript");
    new ResizeObserver(() => this.#follows()).observe(this.list);
  }

  clear() {
    this.#drawn.clear();
    this.#last = null;
    this.list.replaceChildren();
  }

  show(view, position) {
    for (const number of [view.call.caller, view.incoming?.number]) if (number?.startsWith("+")) this.#own.add(number);
    const speaking = this.player.line?.n;
    const ours = view.lines.filter((line) => line.ear === "caller" || line.who === "line");
    const due = ours.filter((line) => line.at <= position + 0.01).sort((a, b) => a.at - b.at || a.n - b.n);
    const before = this.list.childElementCount;
    for (const line of due) if (!this.#drawn.has(line.n)) this.#draws(line, view);
    for (const line of due) this.#updates(line, speaking);
    if (this.list.childElementCount > before) this.#follows();
  }

  #follows() {
    if (!this.sentences.holds) this.list.scrollTop = this.list.scrollHeight;
  }

  #draws(line, view) {
    const keys = line.who === "caller" && KEYS.exec(line.text);
    if (keys && this.#last?.isKeys && line.at - this.#last.at < 6) {
      this.#last.at = line.at;
      this.#last.paragraph.append(...this.#keys(keys[1]));
      this.#drawn.set(line.n, this.#last.item);
      return;
    }
    const paragraph = make("p");
    const item = make("div", { className: this.#kind(line) }, paragraph);
    if (keys) paragraph.append(make("span", { className: "visually-hidden", textContent: "You press " }), ...this.#keys(keys[1]));
    else paragraph.textContent = this.#words(line, view);
    if (line.who === "helpline") spoken(paragraph, view);
    if (line.who === "caller" && line.text.startsWith("says: ")) paragraph.className = "words";
    if (line.who === "helpline") {
      item.prepend(make("span", { className: "visually-hidden", textContent: "Helpline: " }));
      item.prepend(make("time", { textContent: minutes(line.at - view.began) }), " ");
    }
    if (line.who === "helpline") this.sentences.marks(item, paragraph, line.prompts, line.n, () => this.#follows());
    this.#drawn.set(line.n, item);
    this.#last = { item, paragraph, isKeys: Boolean(keys), at: line.at };
    this.#places(item, line);
  }

  // A line is known after what cut it short, and stands before that all the same.
  #places(item, line) {
    item.dataset.at = line.at;
    const later = [...this.list.children].findLast((one) => Number(one.dataset.at) <= line.at);
    if (later) later.after(item);
    else this.list.prepend(item);
  }

  #updates(line, speaking) {
    const item = this.#drawn.get(line.n);
    if (line.who !== "helpline" || item.dataset.cut) return;
    item.classList.toggle("speaking", line.n === speaking);
    if (line.cut === null) return;
    const words = line.text.split(" ");
    item.dataset.cut = "yes";
    item.ariaLive = "off"; // it was read out as it was said
    item.querySelector("p").textContent = `${words.slice(0, Math.max(Math.round(words.length * line.cut), 1)).join(" ")} … `;
    item.querySelector("p").append(make("span", { className: "cut", textContent: "cut short" }));
  }

  #kind(line) {
    if (line.who === "helpline") return "said";
    return line.who === "caller" && line.text !== "dials" && line.text !== "stays silent" ? "done" : "happened";
  }

  #keys(keys) {
    return [...keys].map((key) =>
      make("span", { className: "pressed" }, make("span", { ariaHidden: "true", textContent: key }),
        make("span", { className: "visually-hidden", textContent: `${NAMES[key] ?? key} ` })));
  }

  #words(line, view) {
    if (line.who === "caller") {
      return { dials: "You ring the helpline", "stays silent": "You stay silent" }[line.text] ?? line.text.replace(/^says: /, "");
    }
    const who = line.who === "line" || line.who === "helpline" ? "" : `${line.who} `;
    const named = [...this.#own].reduce(ours, view.telephones.reduce((text, one) => text.replaceAll(one.number, one.name), who + line.text));
    const plain = named.replaceAll(/\+44\d+/g, shown).replace(/^the caller (\w+)s /, "you $1 ").replaceAll("the caller", "you");
    return plain.charAt(0).toUpperCase() + plain.slice(1);
  }
}

// What happens at a number of the caller's, in words for the caller.
function ours(text, number) {
  return text.replace(`rings ${number}`, "rings your telephone").replace(`${number} answers`, "you answer")
    .replace(`${number} is connected`, "you are connected").replace(`${number} hangs up`, "you hang up");
}
