// The rules of an instrument, as the server runs them (assessments/instruments): conditions, skips, scores. No page here.
"use strict";

const instrumentRules = (() => {
  const SKIPPED = Symbol("skipped");

  // true, false, or null while the answer that decides is still open; a skipped item equals nothing.
  function holds(condition, known) {
    if ("all" in condition) {
      const found = condition.all.map((part) => holds(part, known));
      return found.includes(false) ? false : found.includes(null) ? null : true;
    }
    if ("any" in condition) {
      const found = condition.any.map((part) => holds(part, known));
      return found.includes(true) ? true : found.includes(null) ? null : false;
    }
    const answer = known[condition.item];
    if (answer === undefined || answer === null) return null;
    if ("is" in condition) return answer === condition.is;
    return typeof answer === "number" && answer > condition.above;
  }

  // For each item {state: "asked" | "waiting" | "skipped", why: condition or null}, in the order asked.
  function states(instrument, answers) {
    const found = {};
    const known = {};
    for (const section of instrument.sections) {
      for (const code of section.items) {
        found[code] = state(instrument, code, known);
        if (found[code].state === "skipped") known[code] = SKIPPED;
        else if (given(answers[code])) known[code] = answers[code];
      }
    }
    return found;
  }

  function state(instrument, code, known) {
    let waiting = false;
    for (const rule of instrument.rules) {
      if (!rule.items.includes(code)) continue;
      const now = holds(rule.when, known);
      if (rule.type === "skip" && now === true) return { state: "skipped", why: rule.when };
      if (rule.type === "only" && now !== true) return { state: "skipped", why: null };
      waiting = waiting || now === null;
    }
    return { state: waiting ? "waiting" : "asked", why: null };
  }

  function given(value) {
    return value !== undefined && value !== null && value !== "" && !(Array.isArray(value) && value.length === 0);
  }

  // {scale: {value: number | null, least: number | null, band: {…} | null, asked: bool}}; scales that only the server computes
  // are left out. `least` is what the answers given so far come to, while others of a total are still open.
  function scores(instrument, answers, found) {
    const weights = {};
    let open = 0;
    for (const code of Object.keys(instrument.items)) {
      weights[code] = weight(instrument.items[code], answers[code], found[code].state);
      if (found[code].state === "asked" && instrument.items[code].required && !given(answers[code])) open += 1;
    }
    const none = instrument.may_miss !== null && open > instrument.may_miss;
    const values = {};
    const result = {};
    for (const scale of instrument.scales) {
      if (scale.rule.type === "server") continue;
      values[scale.code] = none ? null : value(scale, weights, values);
      result[scale.code] = {
        value: values[scale.code],
        least: values[scale.code] === null && scale.rule.type === "total" ? least(scale, answers, weights) : null,
        band: band(scale, values[scale.code]),
        asked: scale.items.length === 0 || scale.items.some((code) => found[code].state !== "skipped"),
      };
    }
    return result;
  }

  function weight(item, answer, now) {
    if (now === "skipped") return 0;
    if (!given(answer) || answer === "N") return null;
    if (item.kind === "number") return answer;
    const chosen = item.choices.find((choice) => choice.code === answer);
    return chosen ? chosen.weight : null;
  }

  function value(scale, weights, values) {
    const rule = scale.rule;
    if (rule.type === "combination") {
      const parts = rule.parts.map(([code, factor]) => (values[code] === null ? null : values[code] * factor));
      return parts.includes(null) ? null : parts.reduce((sum, part) => sum + part, 0);
    }
    const present = scale.items.map((code) => weights[code]).filter((each) => each !== null);
    if (scale.items.length - present.length > (rule.type === "mean" ? rule.may_miss : 0)) return null;
    const total = present.reduce((sum, each) => sum + each, 0);
    return rule.type === "mean" ? (total / present.length) * rule.factor + rule.offset : total;
  }

  function least(scale, answers, weights) {
    const present = scale.items.filter((code) => given(answers[code]) && weights[code] !== null);
    return present.length ? present.reduce((sum, code) => sum + weights[code], 0) : null;
  }

  function band(scale, reached) {
    if (reached === null) return null;
    return scale.bands.filter((each) => reached >= each.lower).pop() || null;
  }

  return { states, scores, given, holds };
})();
