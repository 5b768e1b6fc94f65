// What a line sounds like: a sound beside this page, the browser's own voice, or nothing.
"use strict";

class Sound {
  isOver = false;

  constructor(address) {
    this.sound = new Audio(address);
    this.sound.onended = this.sound.onerror = () => { this.isOver = true; };
    this.sound.play().catch(() => { this.isOver = true; });
  }

  get heard() {
    return this.sound.duration ? this.sound.currentTime / this.sound.duration : 0;
  }

  pause() {
    this.sound.pause();
  }

  resume() {
    this.sound.play().catch(() => { this.isOver = true; });
  }

  stop() {
    this.isOver = true;
    this.sound.pause();
  }
}

class Speech {
  isOver = false;
  heard = 0;

  constructor(line, voice) {
    this.words = new SpeechSynthesisUtterance(line.text);
    this.words.lang = DEMO.language;
    this.words.voice = voice;
    this.words.onboundary = (event) => { this.heard = event.charIndex / line.text.length; };
    this.words.onend = this.words.onerror = () => { this.isOver = true; };
    speechSynthesis.speak(this.words);
  }

  pause() {
    speechSynthesis.pause();
  }

  resume() {
    speechSynthesis.resume();
  }

  stop() {
    this.isOver = true;
    speechSynthesis.resume();
    speechSynthesis.cancel();
  }
}

function ownVoice() {
  if (!("speechSynthesis" in globalThis)) return null;
  const fitting = speechSynthesis.getVoices().filter((voice) => voice.lang.startsWith(DEMO.language.split("-")[0]));
  return fitting.find((voice) => voice.lang.replace("_", "-") === DEMO.language) ?? fitting[0] ?? null;
}

// Returns what speaks a line; null where nothing can, and its words are shown for as long as they would take.
function speak(line) {
  if (line.sound) return new Sound(`sounds/${line.sound}.wav`);
  const voice = ownVoice();
  return voice ? new Speech(line, voice) : null;
}
