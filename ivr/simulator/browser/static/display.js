// The display of the caller's telephone: how the call stands, and the line that is spoken.

import { find, minutes, shown, spoken } from "./page.js";

const STANDING = {
  quiet: "Ready to ring", ended: "The call is over", speaks: "The helpline speaks", listens: "Press a key at any time",
  records: "Recording", rings: "It rings", talks: "You are talking", waits: "Please hold",
};

export class Display {
  keyed = "";
  #line = null;

  constructor(player) {
    this.player = player;
  }

  show(view, position) {
    find("timer").textContent = minutes(seconds(view, position));
    find("standing").textContent = this.player.isHeld ? held(view) : state(view);
    find("keyed").textContent = `\u200e${this.keyed}`;
    const line = this.player.line ?? lastSaid(view, position) ?? number(view.incoming);
    const captions = find("captions");
    if (captions.textContent !== (line?.text ?? "")) captions.textContent = line?.text ?? "";
    spoken(captions, view);
    if (line) this.#follows(captions, line, position);
    this.#line = line?.n;
  }

  // The words that are spoken now stand in the middle; whoever scrolls reads on undisturbed until the next line.
  #follows(captions, line, position) {
    if (line.n !== this.#line) captions.scrollTop = 0;
    if (captions.matches(":hover, :focus")) return;
    const part = line.seconds ? (position - line.at) / line.seconds : 1;
    const top = Math.min(Math.max(part, 0), 1) * captions.scrollHeight - captions.clientHeight / 2;
    captions.scrollTop = Math.max(top, 0);
  }
}

function lastSaid(view, position) {
  if (view.ended !== null) return null;
  return view.lines.filter((line) => line.who === "helpline" && line.ear === "caller" && line.at <= position + 0.01).at(-1) ?? null;
}

function seconds({ incoming, ended, began }, position) {
  if (!incoming || ended === null) return (ended ?? position) - began;
  return incoming.state === "talks" ? position - incoming.since : 0;
}

const number = (incoming) => (incoming?.state === "rings" ? { text: `It shows ${shown(incoming.shown)}.` } : null);

function held(view) {
  if (view.call.is === "records") return "Waits for your words";
  if (view.telephones.some((one) => one.is === "hears")) return "Waits for the adviser’s key";
  const isRinging = view.incoming?.state === "rings" || view.telephones.some((one) => one.is === "rings");
  return isRinging ? "Waits: a telephone rings" : "Waits for your key";
}

function state(view) {
  if (view.incoming && ["quiet", "ended"].includes(view.call.is)) return incomingState(view);
  const who = view.telephones.find((one) => one.number === view.call.with)?.name ?? shown(view.call.with);
  if (view.failed) return "The call failed";
  if (view.call.is === "talks") return `Talking with ${who}`;
  if (view.call.is === "rings") return `Ringing ${who}`;
  if (view.call.waits) return "Waiting for an adviser";
  return STANDING[view.call.is];
}

function incomingState({ incoming: { state: is, by }, telephones }) {
  return is === "rings" ? "Your telephone rings" : `Talking with ${telephones.find((one) => one.number === by)?.name ?? "the helpline"}`;
}
