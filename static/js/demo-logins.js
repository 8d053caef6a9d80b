// Demo only: a button beside each invented account fills in the sign-in form and sends it.
"use strict";

for (const cell of document.querySelectorAll(".needs-js")) cell.hidden = false;

for (const button of document.querySelectorAll("[data-username]")) {
  button.addEventListener("click", () => {
    const form = document.getElementById("sign-in");
    form.elements.login.value = button.dataset.username;
    form.elements.password.value = button.dataset.password;
    form.requestSubmit();
  });
}
