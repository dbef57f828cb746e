(function () {
  "use strict";
  var root = document.documentElement;
  var tools = document.getElementById("tools");
  var buttons = tools.querySelectorAll("[data-language]");

  function show(language) {
    root.lang = language;
    root.dataset.lang = language;
    document.querySelectorAll("[data-id][data-en]").forEach(function (node) {
      node.textContent = node.dataset[language];
    });
    document.querySelectorAll("[data-label-id]").forEach(function (node) {
      node.setAttribute("aria-label", language === "id" ? node.dataset.labelId : node.dataset.labelEn);
    });
    buttons.forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.language === language));
    });
  }

  buttons.forEach(function (button) {
    button.addEventListener("click", function () { show(button.dataset.language); });
  });
  document.getElementById("print").addEventListener("click", function () { window.print(); });
  tools.hidden = false;
  show(root.dataset.lang);
})();
