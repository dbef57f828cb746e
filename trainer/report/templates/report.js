(() => {
  const root = document.documentElement;
  const tools = document.getElementById("tools");
  const buttons = document.querySelectorAll("#tools button[data-language]");

  /** @param {string} language */
  function show(language) {
    root.lang = language;
    root.dataset.lang = language;
    document.querySelectorAll("[data-id][data-en]").forEach((node) => {
      node.textContent = node.getAttribute(`data-${language}`);
    });
    document.querySelectorAll("[data-label-id]").forEach((node) => {
      node.setAttribute("aria-label", node.getAttribute(`data-label-${language}`) ?? "");
    });
    buttons.forEach((button) => {
      button.setAttribute("aria-pressed", String(button.getAttribute("data-language") === language));
    });
  }

  buttons.forEach((button) => {
    button.addEventListener("click", () => show(button.getAttribute("data-language") ?? "id"));
  });
  document.getElementById("print")?.addEventListener("click", () => window.print());
  if (tools) tools.hidden = false;
  show(root.dataset.lang ?? "id");
})();
