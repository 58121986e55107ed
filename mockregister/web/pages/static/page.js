// What the page cannot do without a script: the live list, dropping files, and selects that submit themselves.
"use strict";

document.documentElement.classList.add("scripted");

// The script runs before the page is parsed, so that no select can be changed before its listener is there.
document.addEventListener("change", ({ target }) => {
  if (target.matches("select[data-submit]")) target.form.requestSubmit();
});

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

// The server renders the parts that change. The script asks for them every two seconds, with the ETag of what is shown.
class Live {
  constructor(state) {
    this.state = state;
    this.said = { false: state.textContent, true: state.dataset.lost };
    this.news = document.querySelector("[data-live-news]");
    this.etag = "";
    this.state.hidden = false;
  }

  async poll() {
    if (!document.hidden) {
      await this.ask().then(() => this.lose(false), () => this.lose(true));
    }
    setTimeout(() => this.poll(), 2000);
  }

  lose(lost) {
    if (this.state.classList.contains("lost") !== lost) {
      this.state.classList.toggle("lost", lost);
      this.state.textContent = this.said[lost];
    }
  }

  async ask() {
    const headers = this.etag ? { "If-None-Match": this.etag } : {};
    const answer = await fetch(this.state.dataset.live, { headers, redirect: "error" });
    if (answer.status === 200) {
      const etag = answer.headers.get("ETag") || "";
      this.etag = this.show(await answer.text()) ? etag : "";
    } else if (answer.status !== 304) {
      throw new Error(answer.statusText);
    }
  }

  // Show the new parts, and return whether all are shown: a part with the keyboard focus is kept until the focus leaves it.
  show(content) {
    const made = document.createElement("template");
    made.innerHTML = content;
    made.content.querySelectorAll(".scroll > table").forEach(label);
    const known = new Set([...document.querySelectorAll("[data-key]")].map((row) => row.dataset.key));
    let all = true;
    for (const part of made.content.querySelectorAll("[data-part]")) {
      const shown = document.getElementById(part.id);
      if (part.innerHTML === shown.innerHTML) continue;
      if (shown.contains(document.activeElement)) all = false;
      else shown.replaceWith(part);
    }
    this.tell([...document.querySelectorAll("[data-key]")].filter((row) => !known.has(row.dataset.key)));
    return all;
  }

  tell(fresh) {
    fresh.forEach((row) => row.classList.add("fresh"));
    if (fresh.length) this.news.textContent = `${this.news.dataset.text} ${fresh[0].cells[1].textContent.trim()}`;
  }
}

// In a narrow window each row is a card. Each cell shows the head of its column, and explicit roles replace those that
// elements of a table lose when CSS displays them as blocks.
function label(table) {
  const heads = [...table.querySelectorAll("thead th")].map((head) => head.textContent.trim());
  const roles = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TD: "cell", TH: "rowheader" };
  for (const part of [table, ...table.querySelectorAll("tbody, tbody tr, tbody td, tbody th")]) part.setAttribute("role", roles[part.tagName]);
  for (const row of table.querySelectorAll("tbody tr")) {
    [...row.cells].forEach((cell, place) => {
      cell.dataset.label = heads[place] || "";
      cell.classList.toggle("blank", !cell.textContent.trim());
    });
  }
}

function copies(button) {
  const said = button.textContent;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    button.textContent = button.dataset.done;
    setTimeout(() => { button.textContent = said; }, 2000);
  });
}

// Scroll a document to its first marked row.
function openAtMark(source) {
  const mark = source.querySelector(".row.marked");
  if (mark && !location.hash) source.scrollTop = mark.offsetTop - source.offsetTop - 40;
}

// Unfold the element that the fragment of the address names, and everything around it.
function unfold() {
  const wanted = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
  if (!wanted) return;
  for (let at = wanted; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  const own = wanted.querySelector(":scope > details.fold");
  if (own) own.open = true;
  wanted.scrollIntoView();
}

window.addEventListener("hashchange", unfold);
window.addEventListener("beforeprint", () => document.querySelectorAll("details.fold, .source-box").forEach((part) => { part.open = true; }));

// Show only the fields of a form that belong to the chosen option.
function showFields(select) {
  const wanted = new Set((select.selectedOptions[0]?.dataset.fields || "").split(" "));
  for (const part of select.form.querySelectorAll("[data-field]")) {
    part.hidden = !wanted.has(part.dataset.field);
    for (const input of part.querySelectorAll("[data-required]")) input.required = !part.hidden;
  }
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("select[data-fields]").forEach((select) => {
    showFields(select);
    select.addEventListener("change", () => showFields(select));
  });
  document.querySelectorAll(".scroll > table").forEach(label);
  document.querySelectorAll("[data-source]").forEach(openAtMark);
  unfold();
  document.querySelectorAll("[data-copy]").forEach(copies);
  document.querySelectorAll("[data-drop]").forEach(acceptDrops);
  document.querySelectorAll("[data-live]").forEach((state) => new Live(state).poll());
});
