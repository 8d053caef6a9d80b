// Says that a file is too large before it travels; the server says the same without this.
"use strict";

for (const form of document.querySelectorAll("form[data-upload]")) {
  const file = form.querySelector("input[type=file]");
  file.addEventListener("change", () => {
    const chosen = file.files[0];
    const refused = chosen && chosen.size > Number(file.dataset.most);
    file.setCustomValidity(refused ? file.dataset.tooLarge : "");
    if (refused) {
      file.reportValidity();
    }
  });
  form.addEventListener("submit", (event) => {
    if (!file.checkValidity()) {
      event.preventDefault();
      file.reportValidity();
    }
  });
}
