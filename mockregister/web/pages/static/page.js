// What the page cannot do without a script: the live list, dropping files, and selects that submit themselves.
"use strict";

document.documentElement.classList.add("scripted");

for (const select of document.querySelectorAll("select[data-submit]")) {
  select.addEventListener("change", () => select.form.requestSubmit());
}

function acceptDrops(zone) {
  const input = zone.querySelector("input[type=file]");
  const mark = (over) => (event) => { event.preventDefault(); zone.classList.toggle("over", over); };
  zone.addEventListener("dragover", mark(true));
  zone.addEventListener("dragleave", mark(false));
  zone.addEventListener("drop", (event) => {
    mark(false)(event);
    if (event.dataTransfer.files.length) {
      input.files = event.dataTransfer.files;
      zone.querySelector("button").focus();
    }
  });
}

document.querySelectorAll("[data-drop]").forEach(acceptDrops);

// The server makes the list; here it is asked for every other second with the ETag of what is shown.
class Live {
  constructor(place) {
    this.place = place;
    this.state = document.querySelector("[data-live-state]");
    this.news = document.querySelector("[data-live-news]");
    this.etag = "";
    this.state.hidden = false;
  }

  async poll() {
    if (!document.hidden) {
      await this.ask().then(() => this.state.classList.remove("lost"), () => this.state.classList.add("lost"));
    }
    setTimeout(() => this.poll(), 2000);
  }

  async ask() {
    const headers = this.etag ? { "If-None-Match": this.etag } : {};
    const answer = await fetch(this.place.dataset.live, { headers, redirect: "error" });
    if (answer.status === 200) {
      const first = this.etag === "";
      this.etag = answer.headers.get("ETag") || "";
      this.show(await answer.text(), first);
    } else if (answer.status !== 304) {
      throw new Error(answer.statusText);
    }
  }

  show(content, first) {
    const known = new Set(this.keys());
    const focused = this.place.contains(document.activeElement);
    if (first || focused) {
      if (this.keys().join() === this.keysOf(content).join()) return;
    }
    this.place.innerHTML = content;
    const fresh = [...this.place.querySelectorAll("[data-key]")].filter((row) => !known.has(row.dataset.key));
    fresh.forEach((row) => row.classList.add("fresh"));
    if (fresh.length) this.news.textContent = `${this.news.dataset.text} ${fresh[0].cells[1].textContent.trim()}`;
  }

  keys() {
    return [...this.place.querySelectorAll("[data-key]")].map((row) => row.dataset.key);
  }

  keysOf(content) {
    const made = document.createElement("template");
    made.innerHTML = content;
    return [...made.content.querySelectorAll("[data-key]")].map((row) => row.dataset.key);
  }
}

document.querySelectorAll("[data-live]").forEach((place) => new Live(place).poll());
