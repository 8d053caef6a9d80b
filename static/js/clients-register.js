// Registration: what the NIK suggests, the guardian's part for minors, the sender for doors that have one.
// Without this file every field simply stays visible.
"use strict";

const form = document.getElementById("register-form");
const field = (name) => form.querySelector(`[name="${name}"]`);

function age() {
  const born = field("birth_date").value;
  if (!born) return field("age").value === "" ? null : Number(field("age").value);
  const on = field("opened_on").value ? new Date(field("opened_on").value) : new Date();
  const birth = new Date(born);
  const before = on.getMonth() < birth.getMonth() || (on.getMonth() === birth.getMonth() && on.getDate() < birth.getDate());
  return on.getFullYear() - birth.getFullYear() - (before ? 1 : 0);
}

function unfold() {
  const guardian = document.getElementById("guardian");
  const years = age();
  const filled = [...guardian.querySelectorAll("input, select")].some((one) => one.value);
  const wrong = guardian.querySelector(".is-invalid");
  guardian.hidden = !(filled || wrong || (years !== null && years < 18));
  const sent = form.dataset.sentDoors.split(" ").includes(field("admission").value);
  document.getElementById("div_id_referrer").hidden = !(sent || field("referrer").value || field("referrer").classList.contains("is-invalid"));
  document.getElementById("div_id_no_nik_reason").hidden = Boolean(field("nik").value) && !field("no_nik_reason").value;
}

// A suggestion only: nothing that was typed is replaced.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "nik-check") return;
  const said = event.target.querySelector("[data-sex]");
  if (!said) return;
  if (!field("birth_date").value && !field("age").value) {
    field("birth_date").value = said.dataset.birthDate;
    field("birth_date").dispatchEvent(new Event("change", { bubbles: true }));
  }
  if (!form.querySelector('[name="sex"]:checked')) form.querySelector(`[name="sex"][value="${said.dataset.sex}"]`).checked = true;
  unfold();
});

form.addEventListener("change", unfold);
form.addEventListener("input", unfold);
unfold();
