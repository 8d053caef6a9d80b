// Choosing people of a session: a box to find one among many, and how many are chosen. Without this all stand in the list.
"use strict";

const list = document.querySelector("[data-people]");
if (list) {
  const find = document.getElementById("find-people");
  const chosen = document.getElementById("chosen-people");
  const rows = [...list.querySelectorAll(".form-check")];
  find.closest("[hidden]").hidden = false;
  const show = () => {
    const word = find.value.trim().toLowerCase();
    for (const row of rows) row.hidden = !row.textContent.toLowerCase().includes(word);
  };
  const count = () => {
    chosen.textContent = String(rows.filter((row) => row.querySelector("input").checked).length);
  };
  find.addEventListener("input", show);
  find.addEventListener("keydown", (event) => {
    if (event.key === "Enter") event.preventDefault();
  });
  list.addEventListener("change", count);
  count();
}
