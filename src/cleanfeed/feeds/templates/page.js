// Search, filters, keys, copy.
"use strict";
document.documentElement.classList.add("js");
document.addEventListener("DOMContentLoaded", () => {
  const all = (selector, from = document) => [...from.querySelectorAll(selector)];
  const cards = all("main article");
  const tools = document.querySelector("[role=search]");
  const controls = tools ? all("input, select", tools) : [];
  const [search, ...filters] = controls;

  // As topics compare words: without case, accents and Arabic variants.
  const MARKS = /[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\p{Cf}]/gu;
  const LETTERS = { ٱ: "ا", ى: "ي", ة: "ه", ـ: "", ß: "ss", ς: "σ", "‘": "'", "’": "'", "`": "'", "“": '"', "”": '"', "«": '"', "»": '"' };
  const fold = (text) =>
    text.normalize("NFKD").toLowerCase().replace(MARKS, "")
      .replace(/[ٱىةـßς‘’`“”«»]/g, (letter) => LETTERS[letter])
      .replace(/[٠-٩۰-۹]/g, (digit) => digit.charCodeAt(0) & 15)
      .replace(/\s+/g, " ").trim();

  const texts = new Map();
  const textOf = (card) => {
    const said = () => all("h2, .summary, .headlines, bdi", card).map((part) => part.textContent).concat(card.dataset.more);
    if (!texts.has(card)) texts.set(card, fold(said().join("\n")));
    return texts.get(card);
  };

  const isChosen = () => controls.some((control) => control.value.trim());
  const show = () => {
    const words = fold(search.value).split(" ");
    const chosen = filters.filter((filter) => filter.value);
    let hits = 0;
    for (const card of cards) {
      const has = ({ name, value }) => (card.dataset[name] ?? "").split("\n").includes(value);
      card.hidden = !(chosen.every(has) && words.every((word) => textOf(card).includes(word)));
      hits += !card.hidden;
    }
    const { some, none } = tools.dataset;
    const told = hits ? some.replace("{0}", hits).replace("{1}", cards.length) : none;
    tools.querySelector("[role=status]").textContent = isChosen() ? told : "";
    tools.querySelector(".clear").hidden = !isChosen();
  };

  // The state is in the fragment, which no server is told; a query is understood too.
  const read = () => {
    const hash = location.hash.slice(1);
    const state = new URLSearchParams(hash.includes("=") ? hash : location.search);
    for (const control of controls) {
      control.value = state.get(control.name) ?? "";
      if (control.selectedIndex < 0) control.selectedIndex = 0;
    }
    show();
  };
  const write = () => {
    const query = new URLSearchParams(location.search);
    const state = new URLSearchParams();
    for (const { name, value } of controls) {
      query.delete(name);
      if (value.trim()) state.set(name, value);
    }
    history.replaceState(null, "", location.pathname + (`${query}` && `?${query}`) + (`${state}` && `#${state}`));
  };
  let waiting;
  const changed = () => {
    show();
    clearTimeout(waiting); // browsers refuse changes with every key
    waiting = setTimeout(write, 200);
  };
  const clear = () => {
    for (const control of controls) control.value = "";
    changed();
  };

  const shown = () => cards.filter((card) => !card.hidden);
  const current = () => cards.find((card) => card.contains(document.activeElement));
  const go = (card) => {
    const target = card?.querySelector("h2 a") ?? card?.querySelector("h2");
    if (!target) return;
    if (!target.href) target.tabIndex = -1;
    target.focus();
    card.scrollIntoView({ block: "nearest" });
  };
  const step = (by) => {
    const list = shown();
    const here = list.indexOf(current());
    const below = list.findIndex((card) => card.getBoundingClientRect().top >= 0);
    go(list[here < 0 && by > 0 ? below : (here < 0 ? below : here) + by]);
  };
  const KEYS = {
    "/": () => search?.focus(),
    j: () => step(1),
    k: () => step(-1),
    o: () => current()?.querySelector("summary")?.click(),
  };
  const PLACES = { Slash: "/", KeyJ: "j", KeyK: "k", KeyO: "o" }; // where letters are not Latin
  const keys = document.querySelector(".keys input");
  try {
    keys.checked = localStorage.getItem("cleanfeed.keys") !== "off";
    keys.onchange = () => localStorage.setItem("cleanfeed.keys", keys.checked ? "on" : "off");
  } catch {} // nothing may be stored
  document.addEventListener("keydown", (event) => {
    const { key, code, target } = event;
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    if (key === "Escape" && search && target.tagName !== "SELECT") {
      if (isChosen()) clear();
      else if (target === search) search.blur();
    } else if (target === search && (key === "ArrowDown" || key === "Enter")) {
      event.preventDefault();
      go(shown()[0]);
    } else if (keys?.checked && !target.matches("input:not([type=checkbox]), select")) {
      const act = KEYS[key > "\u024f" ? PLACES[code] : key];
      if (!act) return;
      event.preventDefault();
      act();
    }
  });

  const said = document.getElementById("said");
  const select = (button, value) => {
    const field = document.createElement("input");
    button.replaceWith(Object.assign(field, { value, readOnly: true, className: "address", ariaLabel: button.ariaLabel }));
    field.select();
    return document.execCommand("copy");
  };
  for (const button of all(".copy")) {
    const { copy } = button.dataset;
    const address = new URL(copy.replace(/.*\//, ""), location.host ? location : copy).href;
    button.onclick = async () => {
      let done = true;
      try {
        await navigator.clipboard.writeText(address);
      } catch { // not secure, or not allowed
        done = select(button, address);
      }
      said.textContent = `${done ? said.dataset.done : said.dataset.failed}: ${address}`;
      button.classList.toggle("done", done);
      button.onblur = () => button.classList.remove("done");
    };
  }

  if (!search) return;
  tools.addEventListener("input", changed);
  tools.querySelector(".clear").onclick = () => (clear(), search.focus());
  addEventListener("hashchange", () => (location.hash.includes("=") || !location.hash) && read());
  read();
});
