// Printing the page of figures: cards that have not been scrolled to are fetched first.
"use strict";

(() => {
  const buttons = document.querySelectorAll("[data-print]");
  const patience = 15000;

  function whenComplete(then) {
    const begun = Date.now();
    document.body.dispatchEvent(new CustomEvent("load-cards"));
    const look = () => {
      if (!document.querySelector(".card-waiting") || Date.now() - begun > patience) then();
      else setTimeout(look, 100);
    };
    look();
  }

  for (const button of buttons) {
    button.hidden = false;
    button.addEventListener("click", () => {
      button.classList.add("wait");
      whenComplete(() => {
        button.classList.remove("wait");
        window.print();
      });
    });
  }
})();
