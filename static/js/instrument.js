// The form of an instrument: sections one after the other, skip rules and scores alive, each change saved by itself.
// Without this script the form posts section by section and the server does the same.
"use strict";

(() => {
  const form = document.getElementById("instrument");
  if (!form) return;
  const data = JSON.parse(document.getElementById("instrument-data").textContent);
  const { instrument, texts } = data;
  const phone = window.matchMedia("(max-width: 767.98px)");
  const steps = [...form.querySelectorAll("[data-section]")];
  const rows = new Map([...form.querySelectorAll("[data-item]")].map((row) => [row.dataset.item, row]));
  const saved = document.getElementById("saved");
  const announce = document.getElementById("announce");
  const kept = `asesmen-${data.pk}`;
  const say = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);

  let edit = data.edit;
  let stored = { ...data.answers }; // what the server has
  let answers = { ...data.answers }; // what the page shows
  let dirty = new Set();
  const refused = new Map(); // what the server did not understand, until it is mended
  let section = data.current;
  let item = data.landing;
  let timer = null;
  let sending = false;
  let halted = false; // until a conflict is settled
  let completing = false;

  // Answers

  function read(code) {
    const about = instrument.items[code];
    const inputs = [...rows.get(code).querySelectorAll("input")];
    if (about.kind === "choice") {
      const chosen = inputs.find((input) => input.checked);
      return chosen ? typed(about, chosen.value) : null;
    }
    if (about.kind === "list") {
      const chosen = inputs.filter((input) => input.checked).map((input) => typed(about, input.value));
      return chosen.length ? chosen : null;
    }
    const text = inputs[0].value.trim();
    if (text === "") return null;
    if (about.kind === "number" && /^-?\d+([.,]\d+)?$/.test(text)) return Number(text.replace(",", "."));
    return text;
  }

  function typed(about, value) {
    const choice = about.choices.find((each) => String(each.code) === value);
    return choice ? choice.code : value;
  }

  function write(code, value) {
    for (const input of rows.get(code).querySelectorAll("input")) {
      if (input.type === "radio" || input.type === "checkbox") {
        input.checked = Array.isArray(value) ? value.map(String).includes(input.value) : String(value) === input.value;
      } else {
        input.value = value === null || value === undefined ? "" : value;
      }
    }
    answers[code] = value;
  }

  const same = (first, second) => JSON.stringify(first ?? null) === JSON.stringify(second ?? null);

  // What the page shows

  function shownItems(code, found) {
    const here = instrument.sections.find((each) => each.code === code);
    if (!here) return [];
    return here.items.filter((each) => isShown(each, found));
  }

  function isShown(code, found) {
    const now = found[code].state;
    return now === "asked" || (now === "waiting" && instrumentRules.given(answers[code]));
  }

  function why(condition) {
    if (!condition || !("is" in condition)) return condition && condition.all && !condition.all.length ? texts.not_asked : texts.because;
    const about = instrument.items[condition.item];
    const here = instrument.sections.find((each) => each.items.includes(condition.item));
    const choice = about.choices.find((each) => each.code === condition.is);
    return `${here.grid ? here.title : about.label}: ${choice ? choice.label : condition.is}`;
  }

  function openItems(found) {
    return Object.keys(instrument.items).filter(
      (code) => isShown(code, found) && instrument.items[code].required && !instrumentRules.given(answers[code]),
    );
  }

  function show() {
    const found = instrumentRules.states(instrument, answers);
    const open = openItems(found);
    if (item && !shownItems(section, found).includes(item)) item = "";
    for (const [code, row] of rows) {
      row.hidden = !isShown(code, found);
      row.classList.toggle("answered", instrumentRules.given(answers[code]));
    }
    for (const step of steps) {
      step.hidden = step.dataset.section !== section;
      showFold(step, found);
    }
    form.classList.toggle("one-at-a-time", phone.matches);
    showCurrent(found);
    showSteps(found, open);
    showReview(found, open);
    showScores(instrumentRules.scores(instrument, answers, found));
    const total = [...rows.keys()].filter((code) => isShown(code, found) && instrument.items[code].required).length;
    showProgress(total - open.length, total);
    return found;
  }

  function showFold(step, found) {
    const fold = step.querySelector("[data-folds]");
    if (!fold) return;
    let count = 0;
    let waiting = 0;
    for (const line of fold.querySelectorAll("[data-fold]")) {
      const about = found[line.dataset.fold];
      line.hidden = !(about.state === "skipped" && about.why);
      if (!line.hidden) {
        count += 1;
        line.querySelector("[data-why]").textContent = why(about.why);
      }
    }
    fold.hidden = count === 0;
    fold.querySelector("summary").textContent = say(texts.skipped, { count });
    const here = instrument.sections.find((each) => each.code === step.dataset.section);
    for (const code of here.items) if (found[code].state === "waiting" && !isShown(code, found)) waiting += 1;
    step.querySelector("[data-waiting]").hidden = waiting === 0;
    step.querySelector("[data-nothing]").hidden = waiting > 0 || here.items.some((code) => isShown(code, found));
  }

  // On a phone one item at a time.
  function showCurrent(found) {
    const here = shownItems(section, found);
    if (!item && here.length) item = here.find((code) => !instrumentRules.given(answers[code])) || here[0];
    for (const [code, row] of rows) row.classList.toggle("current", code === item);
    const place = form.querySelector(`[data-section="${section}"] [data-place]`);
    if (place) place.textContent = here.length > 1 ? say(texts.place, { place: here.indexOf(item) + 1, total: here.length }) : "";
  }

  function showSteps(found, open) {
    for (const link of document.querySelectorAll("[data-step]")) {
      const code = link.dataset.step;
      const here = instrument.sections.find((each) => each.code === code);
      const entry = link.closest("li");
      if (code === section) {
        entry.setAttribute("aria-current", "step");
        entry.parentElement.scrollLeft = entry.offsetLeft - entry.parentElement.offsetLeft - 24;
      } else entry.removeAttribute("aria-current");
      if (!here) continue;
      const waits = here.items.some((each) => found[each].state === "waiting" && !instrumentRules.given(answers[each]));
      entry.classList.toggle("done", !waits && !here.items.some((each) => open.includes(each)));
      entry.classList.toggle("unasked", here.items.every((each) => found[each].state === "skipped"));
    }
  }

  function showReview(found, open) {
    const list = form.querySelector("[data-open-list]");
    list.replaceChildren(
      ...open.map((code) => {
        const here = instrument.sections.find((each) => each.items.includes(code));
        const link = document.createElement("a");
        link.href = `?bagian=${here.code}#item-${code}`;
        link.dataset.goto = code;
        link.textContent = here.grid ? `${here.title}: ${instrument.items[code].label}` : instrument.items[code].label;
        const line = document.createElement("li");
        line.append(link);
        return line;
      }),
    );
    form.querySelector("[data-some-open]").hidden = open.length === 0;
    form.querySelector("[data-none-open]").hidden = open.length > 0;
    const review = section === data.review;
    form.querySelector("[data-next]").hidden = review;
    const done = form.querySelector("[data-complete]");
    done.hidden = !review;
    done.disabled = open.length > 0;
  }

  function showScores(result) {
    for (const [code, score] of Object.entries(result)) {
      const value = score.value !== null ? number(score.value) : score.least !== null ? `≥ ${number(score.least)}` : "–";
      putScore(code, value, score.band ? score.band.title : "", score.band ? data.tones[score.band.code] || "" : "", score.asked);
    }
  }

  function number(value) {
    return new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 2 }).format(value);
  }

  function putScore(code, value, band, tone, asked) {
    const line = document.querySelector(`[data-scale="${code}"]`);
    if (!line) return;
    line.hidden = !asked;
    line.querySelector("[data-value]").textContent = value;
    const chip = line.querySelector("[data-band]");
    chip.textContent = band;
    chip.className = band ? `chip${tone ? ` chip-${tone}` : ""}` : "";
  }

  function showProgress(answered, total) {
    document.getElementById("progress-text").textContent = say(texts.progress, { answered, total });
    const bar = document.querySelector("#progress .bar-fill");
    if (bar) bar.setAttribute("width", total ? (100 * answered) / total : 0);
  }

  // Saving

  function remember() {
    // Codes only: what was typed as free text stays on the page and is not left in the browser.
    const codes = [...dirty].filter((code) => instrument.items[code].kind !== "text");
    try {
      if (codes.length) sessionStorage.setItem(kept, JSON.stringify(Object.fromEntries(codes.map((code) => [code, answers[code] ?? null]))));
      else sessionStorage.removeItem(kept);
    } catch {
      // A browser that keeps nothing still saves to the server.
    }
  }

  function changed(code) {
    answers[code] = read(code);
    if (same(answers[code], stored[code])) dirty.delete(code);
    else dirty.add(code);
    item = code;
    refused.delete(code);
    mark("");
    remember();
    show();
    if (!dirty.size) return;
    saved.textContent = texts.saving;
    later(400);
  }

  function later(delay) {
    clearTimeout(timer);
    timer = setTimeout(send, delay);
  }

  function mark(message) {
    for (const [code, row] of rows) row.querySelector("[data-error]").textContent = refused.get(code) || "";
    const trouble = message || [...refused.values()].join(" ");
    document.getElementById("trouble").hidden = !trouble;
    document.getElementById("trouble-text").textContent = trouble;
  }

  document.addEventListener("titian:signed-in", () => later(0));

  async function send() {
    clearTimeout(timer);
    if (sending || halted || !dirty.size) return !dirty.size;
    sending = true;
    saved.textContent = texts.saving;
    const codes = [...dirty];
    const pick = (from) => Object.fromEntries(codes.map((code) => [code, from[code] ?? null]));
    const sent = pick(answers);
    let response = null;
    try {
      response = await fetch(data.save, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": token() || data.csrf, "HX-Request": "true" },
        body: JSON.stringify({ answers: sent, before: pick(stored), edit, at: item || "" }),
      });
      await answered(response, sent);
    } catch {
      saved.textContent = texts.unsaved;
      showNotice("notice-offline", true);
      later(5000);
    }
    sending = false;
    if (response && response.ok && dirty.size) later(50);
    return Boolean(response && response.ok) && !dirty.size;
  }

  async function answered(response, sent) {
    const inJson = (response.headers.get("Content-Type") || "").includes("json");
    const told = inJson ? await response.json() : {};
    if (response.ok) return accept(told, sent);
    saved.textContent = texts.unsaved;
    if (response.status === 401) {
      saved.textContent = texts.signed_out;
      askToSignIn();
      later(15000);
    } else if (response.status === 409) conflict(told);
    else if (response.status === 422) refuse(told);
    else if (response.status === 423) {
      halted = true;
      mark(texts.frozen);
    } else if (response.status === 404 || response.status === 403) {
      mark(texts.gone);
    } else later(5000);
    return undefined;
  }

  function showNotice(id, visible) {
    const notice = document.getElementById(id);
    if (notice) notice.hidden = !visible;
  }

  function accept(told, sent) {
    showNotice("notice-offline", false);
    edit = told.edit;
    form.elements.edit.value = edit;
    for (const [code, value] of Object.entries(sent)) {
      stored[code] = value;
      if (same(answers[code], value)) dirty.delete(code);
    }
    remember();
    saved.textContent = dirty.size ? texts.saving : say(texts.saved, { time: told.saved });
    if (dirty.size) return;
    mark("");
    for (const [code, score] of Object.entries(told.scores)) {
      if (score.shown !== "–") putScore(code, score.shown, score.band, score.tone, score.asked);
    }
  }

  function refuse(told) {
    if (!rows.has(told.item)) return mark(told.message);
    // The rest is saved; this one waits on the page until it is mended.
    refused.set(told.item, told.message);
    dirty.delete(told.item);
    if (dirty.size) later(50);
    return mark("");
  }

  function conflict(told) {
    const box = document.getElementById("conflict");
    box.querySelector("tbody").replaceChildren(
      ...told.differing.map((each) => {
        const line = document.createElement("tr");
        for (const [name, label] of [["label", ""], ["mine", texts.conflict_mine], ["stored", texts.conflict_stored]]) {
          const cell = document.createElement(name === "label" ? "th" : "td");
          if (label) cell.dataset.label = label;
          cell.textContent = each[name];
          line.append(cell);
        }
        return line;
      }),
    );
    box.hidden = false;
    box.focus();
    halted = true;
    box.onclick = (event) => {
      const choice = event.target.dataset.choose;
      if (!choice) return;
      box.hidden = true;
      halted = false;
      edit = told.edit;
      form.elements.edit.value = edit;
      const mine = Object.fromEntries([...dirty].map((code) => [code, answers[code]]));
      const differing = told.differing.map((each) => each.item);
      for (const code of rows.keys()) {
        stored[code] = told.answers[code] ?? null;
        write(code, code in mine && (choice === "mine" || !differing.includes(code)) ? mine[code] : stored[code]);
      }
      dirty = new Set([...rows.keys()].filter((code) => !same(answers[code], stored[code])));
      remember();
      show();
      if (dirty.size) later(0);
    };
  }

  // Going about

  function goto(code, target, { written = false } = {}) {
    const url = new URL(window.location.href);
    url.searchParams.set("bagian", code);
    url.hash = "";
    // Each section is a step of its own for the browser's Back.
    if (!written && code !== section) history.pushState(null, "", url);
    section = code;
    item = target || "";
    const found = show();
    if (item && found[item]) focusRow(item);
    else document.querySelector(`[data-section="${code}"] h2`).focus();
    window.scrollTo({ top: 0 });
  }

  const opened = section;
  window.addEventListener("popstate", () => {
    const wanted = new URL(window.location.href).searchParams.get("bagian");
    goto(steps.some((step) => step.dataset.section === wanted) ? wanted : opened, "", { written: true });
  });

  function focusRow(code) {
    const inputs = [...rows.get(code).querySelectorAll("input")];
    const at = inputs.find((input) => input.checked) || inputs[0];
    if (at) at.focus({ preventScroll: !phone.matches });
  }

  function move(step) {
    const found = instrumentRules.states(instrument, answers);
    const here = shownItems(section, found);
    const at = here.indexOf(item);
    if (phone.matches && here[at + step] && at >= 0) {
      item = here[at + step];
      show();
      focusRow(item);
      announce.textContent = instrument.items[item].label;
      return;
    }
    const codes = instrument.sections.map((each) => each.code);
    const all = [...codes, data.review];
    let next = all.indexOf(section) + step;
    while (next > 0 && next < codes.length && instrument.sections[next].items.every((code) => found[code].state === "skipped")) next += step;
    if (next < 0 || next >= all.length) return;
    const items = shownItems(all[next], found);
    const target = step < 0 && phone.matches ? items[items.length - 1] : items.find((code) => !instrumentRules.given(answers[code])) || items[0];
    goto(all[next], target);
  }

  form.addEventListener("change", (event) => {
    const row = event.target.closest("[data-item]");
    if (row) changed(row.dataset.item);
  });
  form.addEventListener("input", (event) => {
    if (!/^(text|number)$/.test(event.target.type) || !event.target.closest("[data-item]")) return;
    const code = event.target.closest("[data-item]").dataset.item;
    answers[code] = read(code);
    refused.delete(code);
    dirty.add(code);
    saved.textContent = texts.saving;
    remember();
    later(1200);
  });
  form.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-item]");
    if (!row || row.dataset.item === item) return;
    item = row.dataset.item;
    for (const [code, each] of rows) each.classList.toggle("current", code === item);
  });

  // A tap on a phone leads to the next item by itself.
  form.addEventListener("click", (event) => {
    const label = event.target.closest("label");
    const row = event.target.closest("[data-item]");
    if (!phone.matches || !label || !row || instrument.items[row.dataset.item].kind !== "choice") return;
    setTimeout(() => {
      const here = shownItems(section, instrumentRules.states(instrument, answers));
      if (item === row.dataset.item && here[here.indexOf(item) + 1]) move(1);
    }, 350);
  });

  // Number keys choose in the row where one is, and go on to the next.
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !/^[1-9]$/.test(event.key)) return;
    const at = event.target;
    if (/^(TEXTAREA|SELECT)$/.test(at.tagName) || (at.tagName === "INPUT" && !/^(radio|checkbox)$/.test(at.type))) return;
    const row = rows.get(item);
    if (!row || row.hidden || row.closest("[data-section]").hidden) return;
    const input = [...row.querySelectorAll("input[type=radio], input[type=checkbox]")][Number(event.key) - 1];
    if (!input) return;
    event.preventDefault();
    input.click();
    if (input.type === "checkbox") return;
    const here = shownItems(section, instrumentRules.states(instrument, answers));
    const next = here[here.indexOf(row.dataset.item) + 1];
    if (next && !phone.matches) {
      item = next;
      show();
      focusRow(next);
    } else if (next) {
      setTimeout(() => move(1), 350);
    } else form.querySelector("[data-next]").focus();
  });

  document.addEventListener("click", (event) => {
    const step = event.target.closest("[data-step], [data-goto]");
    if (!step || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    if (step.dataset.step) return goto(step.dataset.step, "");
    const here = instrument.sections.find((each) => each.items.includes(step.dataset.goto));
    return goto(here.code, step.dataset.goto);
  });

  form.addEventListener("submit", (event) => {
    const go = event.submitter ? event.submitter.value : "next";
    if (go === "complete") {
      if (halted) event.preventDefault();
      else completing = true;
      return;
    }
    event.preventDefault();
    send();
    move(go === "back" ? -1 : 1);
  }, true);

  // What could not be sent before a reload, and what waits for a sign-in in another tab.
  window.addEventListener("focus", () => later(0));
  window.addEventListener("online", () => later(0));
  window.addEventListener("beforeunload", (event) => {
    if (dirty.size && !halted && !completing) event.preventDefault();
  });
  phone.addEventListener("change", show);

  try {
    for (const [code, value] of Object.entries(JSON.parse(sessionStorage.getItem(kept) || "{}"))) {
      if (!rows.has(code) || same(value, stored[code])) continue;
      write(code, value);
      dirty.add(code);
    }
  } catch {
    sessionStorage.removeItem(kept);
  }
  for (const only of document.querySelectorAll("[data-script]")) only.hidden = false;
  const side = document.getElementById("side-score");
  const wide = window.matchMedia("(min-width: 992px)");
  side.open = wide.matches;
  wide.addEventListener("change", () => (side.open = wide.matches));
  show();
  if (dirty.size) later(0);
})();
