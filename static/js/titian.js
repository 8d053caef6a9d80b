// Small conveniences; every page works without them.
"use strict";

function show(id) {
  const notice = document.getElementById(id);
  if (notice) notice.hidden = false;
}

function hide(id) {
  const notice = document.getElementById(id);
  if (notice) notice.hidden = true;
}

// Keys: "/" to the search box, "g" then "h" to Hari ini. Never while someone types.
let lastKey = "";
document.addEventListener("keydown", (event) => {
  const at = event.target;
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") {
    for (const open of document.querySelectorAll("details.drop[open]")) {
      open.open = false;
      if (open.contains(at)) open.querySelector("summary").focus();
    }
  }
  if (at.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName)) return;
  const find = document.getElementById("find");
  if (event.key === "/" && find) {
    event.preventDefault();
    find.focus();
  } else if (event.key === "h" && lastKey === "g") {
    window.location.href = document.body.dataset.home;
  }
  lastKey = event.key;
});

// A menu closes when one clicks beside it.
document.addEventListener("click", (event) => {
  for (const open of document.querySelectorAll("details.drop[open]")) {
    if (!open.contains(event.target)) open.open = false;
  }
});

// Signing in again in another tab changes the CSRF token; what stands on this page must still be accepted.
function token() {
  const found = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
  return found ? found[1] : "";
}

function freshen(form) {
  const field = form.elements.csrfmiddlewaretoken;
  if (field && token()) field.value = token();
}

document.addEventListener("htmx:configRequest", (event) => {
  if (!token()) return;
  event.detail.headers["X-CSRFToken"] = token();
  if (event.detail.parameters.csrfmiddlewaretoken) event.detail.parameters.csrfmiddlewaretoken = token();
});

// Forms: the second click of a double click sends nothing; a guarded form warns before it is left with changes.
let leaving = false;
const typed = new WeakSet();

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form && form.hasAttribute("data-guard")) typed.add(form);
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.target || form.hasAttribute("data-download")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  setTimeout(() => delete form.dataset.sent, 15000);
  if (event.submitter) event.submitter.classList.add("wait");
  freshen(form);
  leaving = true;
});

window.addEventListener("pageshow", () => {
  leaving = false;
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll(".wait")) button.classList.remove("wait");
});

window.addEventListener("beforeunload", (event) => {
  if (leaving) return;
  for (const form of document.querySelectorAll("form[data-guard]")) {
    if (typed.has(form)) event.preventDefault();
  }
});

// What htmx could not do is said, with a way on.
document.addEventListener("htmx:beforeOnLoad", (event) => {
  if (event.detail.xhr.status !== 401) return;
  event.preventDefault();
  // A number beside the menu is not what somebody is at work on.
  if (!event.detail.elt.closest("nav")) askToSignIn();
});
document.addEventListener("htmx:sendError", () => show("notice-failed"));
document.addEventListener("htmx:responseError", () => show("notice-failed"));
document.addEventListener("htmx:afterOnLoad", (event) => {
  if (event.detail.xhr.status < 400) {
    hide("notice-failed");
  }
});
window.addEventListener("offline", () => show("notice-offline"));
window.addEventListener("online", () => hide("notice-offline"));
if (!navigator.onLine) show("notice-offline");
