// The ways to speak a line: each returns something that tells how far it has got, and that can be stopped at once.

class Silent {
  isOver = true;
  heard = 0;
  stop() {}
}

// The browser's own voice.
class Spoken {
  isOver = false;
  heard = 0;

  constructor(line, language, pace, voice) {
    this.words = new SpeechSynthesisUtterance(line.text);
    this.words.lang = language;
    this.words.voice = voice;
    this.words.rate = Math.min(pace, 4);
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

// A sound that the server has made of it.
class Played {
  isOver = false;

  constructor(address, pace, fails) {
    this.sound = new Audio(address);
    this.sound.playbackRate = Math.min(pace, 4);
    this.sound.onended = () => { this.isOver = true; };
    this.sound.onerror = () => { this.isOver = true; fails(); };
    this.sound.play().catch((error) => { if (error.name !== "AbortError") { this.isOver = true; } });
    document.body.append(this.sound);
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
    this.sound.remove();
  }
}

export class Voices extends EventTarget {
  language = "en-GB";
  isInstalled = true;

  get ofBrowser() {
    if (!("speechSynthesis" in globalThis)) return null;
    const here = this.language.split("-")[0];
    const fitting = speechSynthesis.getVoices().filter((voice) => voice.lang.startsWith(here) && voice.localService);
    return fitting.find((voice) => voice.lang.replace("_", "-") === this.language) ?? fitting[0] ?? null;
  }

  speaks(line, how, pace, address) {
    if (how === "browser" && this.ofBrowser) return new Spoken(line, this.language, pace, this.ofBrowser);
    if (how === "none" || !this.isInstalled) return new Silent();
    return new Played(address, pace, () => {
      this.isInstalled = false;
      this.dispatchEvent(new Event("mute"));
    });
  }
}
