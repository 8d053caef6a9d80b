// What is typed into a form with a draft (templates/_draft.html) is kept on the server, encrypted, a moment after it was typed.
// Without this file a form is kept when it is sent.
"use strict";

{
  const NOT_KEPT = new Set(["csrfmiddlewaretoken", "form_token", "draft", "draft_page"]);
  const AFTER = 2000;

  class Draft {
    constructor(mark) {
      this.mark = mark;
      this.form = mark.closest("form");
      this.texts = mark.dataset;
      this.version = Number(mark.dataset.version);
      this.sent = false;
      this.stopped = false;
      this.state = document.createElement("span");
      this.state.className = "saved draft-state";
      this.place();
      this.bringBack();
      this.last = this.read();
      if ("posted" in mark.dataset) {
        this.last = "";
        this.later(0);
      }
      this.form.addEventListener("input", () => this.later(AFTER));
      this.form.addEventListener("change", () => this.later(300));
      this.form.addEventListener("submit", (event) => {
        if (!event.defaultPrevented) this.sent = true;
      });
      window.addEventListener("pagehide", () => this.keep({ leaving: true }));
      window.addEventListener("pageshow", () => {
        this.sent = false;
      });
      document.addEventListener("visibilitychange", () => {
        if (document.visibilityState === "hidden") this.keep({ leaving: true });
      });
      document.addEventListener("titian:signed-in", () => this.keep());
    }

    place() {
      const buttons = this.form.querySelectorAll(".sticky-actions, [type=submit]");
      const bar = this.form.querySelector(".sticky-actions");
      const saved = this.mark.dataset.at ? this.say("saved", this.mark.dataset.at) : "";
      this.state.textContent = saved;
      if (bar) bar.append(this.state);
      else if (buttons.length) buttons[buttons.length - 1].after(this.state);
      else this.form.append(this.state);
    }

    // The server has filled in what it could; what a template or a script wrote itself is filled in here.
    bringBack() {
      const kept = this.mark.querySelector("script[type='application/json']");
      if (!kept) return;
      const away = this.mark.querySelector("[data-throw-away]");
      away.hidden = false;
      away.addEventListener("click", () => this.throwAway(away.dataset.throwAway));
      const fields = JSON.parse(kept.textContent);
      for (const element of this.form.elements) {
        const { name, type } = element;
        if (!name || NOT_KEPT.has(name) || /-(TOTAL|INITIAL)_FORMS$/.test(name) || ["file", "password", "submit", "button"].includes(type)) continue;
        const values = fields[name];
        if (type === "checkbox" || type === "radio") {
          if (!values && type === "radio") continue;
          const checked = Boolean(values && values.includes(element.value));
          if (element.checked !== checked) element.checked = checked;
        } else if (element.options && element.multiple) {
          for (const option of element.options) option.selected = Boolean(values && values.includes(option.value));
        } else if (values && element.value !== values[values.length - 1]) {
          element.value = values[values.length - 1];
        } else continue;
        const folded = element.closest("details");
        if (folded && element.value && type === "textarea") folded.open = true;
      }
    }

    throwAway(address) {
      this.sent = true;
      typed.delete(this.form);
      const form = document.createElement("form");
      form.method = "post";
      form.action = address;
      for (const name of ["csrfmiddlewaretoken", "draft", "draft_page"]) {
        const input = document.createElement("input");
        input.type = "hidden";
        input.name = name;
        input.value = name === "csrfmiddlewaretoken" ? token() : this.form.elements[name].value;
        form.append(input);
      }
      document.body.append(form);
      form.submit();
    }

    read() {
      const fields = {};
      for (const [name, value] of new FormData(this.form)) {
        const element = this.form.elements[name];
        if (typeof value !== "string" || NOT_KEPT.has(name) || (element && element.type === "password")) continue;
        (fields[name] = fields[name] || []).push(value);
      }
      return JSON.stringify(fields);
    }

    say(key, time) {
      return (this.texts[key] || "").replace("{time}", time || "");
    }

    tell(text) {
      this.state.textContent = text;
    }

    later(delay) {
      if (this.stopped) return;
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.keep(), delay);
    }

    async keep({ leaving = false, over = false } = {}) {
      clearTimeout(this.timer);
      if (this.sent || (this.stopped && !over)) return;
      const now = this.read();
      if (now === this.last && !over) return;
      if (this.busy && !leaving) {
        this.later(300);
        return;
      }
      this.busy = true;
      if (!leaving) this.tell(this.say("saving"));
      const words = (selector) => (document.querySelector(selector)?.textContent || "").replace(/\s+/g, " ").trim();
      const once = this.form.elements.form_token;
      const body = JSON.stringify({
        draft: this.form.elements.draft.value,
        form_token: once ? once.value || "" : "",
        base: over ? null : this.version,
        title: words("main h1"),
        about: words("main .crumbs li:nth-last-child(2)"),
        url: this.form.elements.draft_page.value,
        fields: JSON.parse(now),
      });
      try {
        const response = await fetch(this.mark.dataset.draft, {
          method: "POST",
          headers: { "Content-Type": "application/json", "X-CSRFToken": token(), "HX-Request": "true" },
          keepalive: leaving && body.length < 60000,
          body,
        });
        await this.answered(response, now);
      } catch {
        // Leaving the page ends what was still under way; else there is no connection.
        this.tell(this.say("unsaved"));
        if (!leaving) this.later(10000);
      }
      this.busy = false;
    }

    async answered(response, now) {
      if (response.ok) {
        const told = await response.json();
        this.version = told.version;
        this.last = now;
        this.stopped = false;
        this.warning?.remove();
        this.tell(this.say("saved", told.saved));
        touched();
        typed.delete(this.form);
        if (this.read() !== now) this.later(AFTER);
      } else if (response.status === 409) {
        const told = await response.json();
        this.stopped = true;
        this.tell(this.say("unsaved"));
        this.warn(this.say("elsewhere", told.saved));
      } else if (response.status === 413) {
        this.tell(this.say("tooLong"));
      } else if (response.status === 401) {
        this.tell(this.say("unsaved"));
        askToSignIn();
      } else if (response.status === 410 || response.status === 403) {
        this.stopped = true;
        this.tell("");
      } else this.tell(this.say("unsaved"));
    }

    warn(text) {
      if (this.warning) return;
      this.warning = document.createElement("div");
      this.warning.className = "notice notice-warning";
      this.warning.setAttribute("role", "alert");
      const said = document.createElement("div");
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-outline-secondary btn-sm";
      button.textContent = this.say("take");
      button.addEventListener("click", () => this.keep({ over: true }));
      said.append(`${text} `, button);
      this.warning.append(said);
      this.mark.append(this.warning);
    }
  }

  for (const mark of document.querySelectorAll("form [data-draft]")) new Draft(mark);
}
