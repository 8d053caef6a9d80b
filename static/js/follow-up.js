// Without contact there is nothing to say about relapse, activity and urine: those questions fold away and are not sent.
// Without JavaScript they stay in sight, and the server asks to leave them open.
"use strict";

for (const part of document.querySelectorAll("[data-folds-unless]")) {
  const radios = document.querySelectorAll(`input[name="${part.dataset.foldsUnless}"]`);
  const fold = () => {
    const chosen = [...radios].find((radio) => radio.checked);
    const needed = Boolean(chosen) && chosen.value === "yes";
    part.hidden = !needed;
    part.disabled = !needed;
  };
  for (const radio of radios) radio.addEventListener("change", fold);
  fold();
}
