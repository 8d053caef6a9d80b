// Signed out while a page stood open: one signs in over the page, and everything on it stays.
"use strict";

const IDLE = 60000;
let heard = Date.now();

// The server answered somebody who is signed in.
function touched() {
  heard = Date.now();
}

// "in", "out", or "" where no answer came. Another person's sign-in ends this page, which is not theirs to see.
async function signedIn() {
  try {
    const response = await fetch(document.body.dataset.still, { headers: { "HX-Request": "true" } });
    const told = await response.json();
    if (!response.ok) return "out";
    if (String(told.user) !== document.body.dataset.user) window.location.replace(document.body.dataset.home);
    touched();
    return "in";
  } catch {
    return "";
  }
}

function signInDialog() {
  const made = document.getElementById("sign-in-again");
  const template = document.getElementById("sign-in-again-template");
  if (made || !template) return made;
  document.body.append(template.content.cloneNode(true));
  const dialog = document.getElementById("sign-in-again");
  for (const form of dialog.querySelectorAll("form[data-way-in]")) form.addEventListener("submit", signIn);
  return dialog;
}

async function askToSignIn() {
  const dialog = signInDialog();
  if (!dialog || dialog.open) return;
  // Asking sees to the CSRF cookie; and one may have signed in elsewhere by now.
  if ((await signedIn()) === "in") {
    document.dispatchEvent(new Event("titian:signed-in"));
    return;
  }
  step("password");
  if (!dialog.open) dialog.showModal();
}

function step(name, trouble = "") {
  const dialog = document.getElementById("sign-in-again");
  for (const form of dialog.querySelectorAll("form[data-way-in]")) form.hidden = form.dataset.wayIn !== name;
  const said = dialog.querySelector("[role=alert]");
  said.hidden = !trouble;
  said.lastElementChild.textContent = trouble;
  dialog.querySelector(`form[data-way-in="${name}"] input:not([type=hidden])`).focus();
}

async function signIn(event) {
  event.preventDefault();
  event.stopPropagation();
  const form = event.target;
  const dialog = document.getElementById("sign-in-again");
  const button = form.querySelector("button[type=submit]");
  button.disabled = true;
  try {
    const fields = new URLSearchParams(new FormData(form));
    fields.set("next", document.body.dataset.still);
    fields.set("csrfmiddlewaretoken", token());
    const response = await fetch(form.action, { method: "POST", body: fields, headers: { "X-CSRFToken": token() } });
    if (new URL(response.url).pathname === document.body.dataset.still && response.ok) await back(dialog);
    else if (new URL(response.url).pathname === new URL(dialog.dataset.second, document.baseURI).pathname) {
      step("code", form.dataset.wayIn === "code" ? trouble(await response.text(), dialog) : "");
    } else step("password", trouble(await response.text(), dialog));
  } catch {
    step(form.dataset.wayIn, dialog.dataset.offline);
  }
  form.reset();
  button.disabled = false;
}

function trouble(page, dialog) {
  const answer = new DOMParser().parseFromString(page, "text/html");
  const found = answer.querySelector("main .notice-error, main .invalid-feedback");
  return found ? found.textContent.replace(/\s+/g, " ").trim() : dialog.dataset.failed;
}

async function back(dialog) {
  if ((await signedIn()) !== "in") return;
  if (document.body.dataset.post) {
    const fields = new URLSearchParams({ post: document.body.dataset.post, csrfmiddlewaretoken: token() });
    await fetch(document.body.dataset.switch, { method: "POST", body: fields, redirect: "manual" });
  }
  dialog.close();
  document.dispatchEvent(new Event("titian:signed-in"));
}

// Before a form leaves the page after a long pause: is there still somebody signed in to send it?
document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    if (form.closest("#sign-in-again")) return;
    if (Date.now() - heard < IDLE || form.method !== "post" || form.target || form.hasAttribute("hx-post")) return;
    event.preventDefault();
    event.stopPropagation();
    const answer = await signedIn();
    if (answer === "out") askToSignIn();
    else if (answer === "in") form.requestSubmit(event.submitter);
    else show("notice-offline");
  },
  true,
);

// Signed in in another tab meanwhile.
window.addEventListener("focus", async () => {
  const dialog = document.getElementById("sign-in-again");
  if (!dialog || !dialog.open || (await signedIn()) !== "in") return;
  dialog.close();
  document.dispatchEvent(new Event("titian:signed-in"));
});
document.addEventListener("htmx:afterOnLoad", (event) => {
  if (event.detail.xhr.status < 400) touched();
});
