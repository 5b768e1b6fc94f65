// Plays the calls, one after another: time passes as fast as the words are heard.
"use strict";

const EVERY = 100;
const AT_THE_END = 3; // seconds in which what became of a call is seen
const TO_READ = 9; // seconds to read what the adviser finds
const STANDING = {
  quiet: "Ready to ring", ended: "The call is over", speaks: "The helpline speaks", listens: "Keys are listened for",
  records: "Recording", rings: "It rings", talks: "Talking with the adviser", waits: "Please hold",
};

const voices = new Voices();
voices.language = DEMO.language;
const conversation = new Conversation(find("transcript"));
let playing = -1; // which call
let isOn = false;
let goesOn = false; // whether the next call follows by itself
let position = 0;
let line = null;
let sound = null;
let began = 0;
let over = new Set();
let last = performance.now();
let drawn = "";

const call = () => DEMO.calls[playing];
const names = (one) => new Map(one.frames.flatMap((frame) => frame.telephones).map((phone) => [phone.number, phone.name]));
const frameAt = (one, second) => one.frames.findLast((frame) => frame.at <= second + 0.01) ?? one.frames[0];
const endOf = (one) => Math.max(one.frames.at(-1).at, one.lines.at(-1).at) + AT_THE_END + (one.found.length ? TO_READ : 0);

function plays(index, all) {
  silence();
  playing = index;
  goesOn = all;
  isOn = true;
  position = call().began;
  over = new Set();
  find("keyed").textContent = "";
  conversation.clear();
  find("call-title").textContent = call().title;
  tells(`Call ${index + 1} of ${DEMO.calls.length}. ${call().listenFor}`);
  show();
}

function stops(told) {
  silence();
  isOn = goesOn = false;
  if (playing >= 0) conversation.show(call(), names(call()), position, null);
  playing = -1;
  tells(told);
  find("call-title").textContent = "The calls";
  buttons();
}

function pauses() {
  isOn = !isOn;
  if (isOn) sound?.resume();
  else sound?.pause();
  last = performance.now();
  buttons();
}

function follows() {
  if (goesOn && playing + 1 < DEMO.calls.length) plays(playing + 1, true);
  else stops(goesOn ? "That was all. Now you: ask whoever sent you this to let you ring the helpline yourself." : "The call is over.");
}

function silence() {
  if (line) over.add(line.n);
  sound?.stop();
  sound = line = null;
}

// Whose telephone is at the ear: the caller's, or the adviser's, who is asked to take the call.
function ear() {
  return frameAt(call(), position).telephones.find((one) => one.is === "hears")?.number ?? "caller";
}

function nextLine() {
  const heard = ear();
  return call().lines.find((one) => one.who === "helpline" && one.ear === heard && one.seconds > 0 && !over.has(one.n) && ends(one) > position);
}

function passes() {
  const now = performance.now();
  const passed = Math.min((now - last) / 1000, 0.5);
  last = now;
  if (!isOn) return;
  if (line && (line.ear !== ear() || position >= ends(line))) silence();
  if (sound && !sound.isOver) {
    const least = Math.min((now - began) / 1000 / line.seconds, 1) / 2;
    position = Math.max(position, line.at + line.seconds * Math.min(Math.max(sound.heard, least), 1));
  } else if (sound) {
    position = Math.max(position, ends(line));
    silence();
  } else {
    const next = nextLine();
    position = Math.min(position + passed, Math.max(next?.at ?? Infinity, position));
    if (line) position += passed;
    else if (next && position >= next.at) begins(next);
  }
  show();
  if (position >= endOf(call())) follows();
}

// Returns what speaks a line; null where nothing can, and its words are shown for as long as they would take.
function speak(line) {
  if (line.sound && voices.isInstalled) return voices.speaks(line, "sound", 1, `sounds/${line.sound}.wav`);
  return voices.ofBrowser ? voices.speaks(line, "browser", 1) : null;
}

function begins(next) {
  line = next;
  began = performance.now();
  sound = speak(next);
  if (!sound) over.add(next.n);
}

function show() {
  const one = call();
  const frame = frameAt(one, position);
  conversation.show(one, names(one), position, line?.n);
  find("timer").textContent = minutes(Math.min(position, frame.ended ?? position) - one.began);
  find("standing").textContent = frame.call.waits && frame.call.is !== "talks" ? "Waiting for an adviser" : STANDING[frame.call.is];
  const spoken = one.lines.findLast((other) => other.who === "helpline" && other.ear === "caller" && other.at <= position + 0.01);
  captions(frame.call.is === "ended" ? "" : spoken?.text ?? "");
  keys(one);
  besides(one, frame);
  buttons();
}

function captions(text) {
  const place = find("captions");
  if (place.textContent === text) return;
  place.lang = DEMO.language;
  place.dir = "auto";
  place.textContent = text;
  place.scrollTop = 0;
}

function keys(one) {
  const all = one.lines.filter((other) => other.who === "caller" && PRESSES.test(other.text) && other.at <= position + 0.01);
  const keyed = all.map((other) => PRESSES.exec(other.text)[1]).join("");
  if (find("keyed").textContent !== keyed) find("keyed").textContent = keyed;
  for (const key of find("keypad").children) key.classList.toggle("down", all.some((other) => position - other.at < 0.5 && other.text.endsWith(key.dataset.key)));
}

// The other telephone, the texts, the morning; drawn when they change.
function besides(one, frame) {
  const busy = frame.telephones.find((phone) => phone.is !== "quiet") ?? frame.telephones.find((phone) => phone.adviser) ?? frame.telephones[0];
  const said = busy?.is === "hears" ? one.lines.findLast((other) => other.who === "helpline" && other.ear === busy.number && other.at <= position + 0.01)?.text : "";
  const isMorning = playing >= 0 && position >= endOf(one) - TO_READ && one.found.length > 0;
  const drawing = JSON.stringify([playing, busy, said, frame.texts, isMorning]);
  if (drawing === drawn) return;
  drawn = drawing;
  if (busy) drawTelephone(find("telephones"), busy, said);
  drawTexts(find("texts"), frame.texts);
  find("found").replaceChildren(...(isMorning ? one.found : ["Nothing yet."]).map((told) => make("li", { textContent: told })));
  if (isMorning) tells(`The next morning the adviser finds: ${one.found.join(" ")}`);
}

function tells(text) {
  find("news").textContent = text;
}

function buttons() {
  const isPlaying = playing >= 0;
  find("pause").textContent = isPlaying && !isOn ? "Go on" : "Pause";
  find("pause").disabled = find("stop").disabled = !isPlaying;
  find("next").disabled = !isPlaying || playing + 1 >= DEMO.calls.length;
  find("calls").hidden = isPlaying;
  find("transcript").hidden = !isPlaying;
}

const DAY = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric", timeZone: "UTC" });
const inFull = (day) => DAY.format(new Date(`${day}T12:00Z`));

function about() {
  const here = DEMO.voiceHere ? `The voice here (${DEMO.voiceHere})` : "Your browser’s voice";
  find("voice").textContent = `${here} stands in for the one that callers hear, ${DEMO.voiceOfCalls}.`;
  const until = DEMO.goodUntil ? ` All that is said in it was checked, and holds until ${inFull(DEMO.goodUntil)}.` : "";
  find("made").textContent = `Made on ${inFull(DEMO.made)}.${until}`;
  const today = new Date().toLocaleDateString("sv-SE");
  find("stale").hidden = !(DEMO.goodUntil && today > DEMO.goodUntil);
  find("stale").textContent = `This may be out of date: what is said in it was checked to hold until ${inFull(DEMO.goodUntil || DEMO.made)}. Do not rely on it.`;
}

for (const [index, one] of DEMO.calls.entries()) {
  const button = make("button", { type: "button", className: "plain", textContent: one.title, ariaLabel: `Play “${one.title}”` });
  button.addEventListener("click", () => plays(index, false));
  find("calls").append(make("li", {}, button, make("p", { className: "quietly", textContent: one.listenFor })));
}
for (const [key, letters] of [["1", ""], ["2", "ABC"], ["3", "DEF"], ["4", "GHI"], ["5", "JKL"], ["6", "MNO"], ["7", "PQRS"],
  ["8", "TUV"], ["9", "WXYZ"], ["*", "again"], ["0", "a person"], ["#", "back"]]) {
  const made = make("button", { type: "button" }, key, make("small", { textContent: letters || "\u00a0" }));
  made.dataset.key = key;
  find("keypad").append(made);
}
find("play").addEventListener("click", () => plays(0, true));
find("pause").addEventListener("click", pauses);
find("next").addEventListener("click", () => plays(playing + 1, true));
find("stop").addEventListener("click", () => stops("Stopped."));
globalThis.speechSynthesis?.getVoices();
about();
besides(DEMO.calls[0], DEMO.calls[0].frames[0]);
buttons();
setInterval(passes, EVERY);
document.documentElement.dataset.ready = "yes";
