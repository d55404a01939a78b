// A click on a magic field puts it where the caret was in the line that was written last.
(() => {
  let last = null;
  document.addEventListener("focusin", (event) => {
    if (event.target.matches("[data-template]")) last = event.target;
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-magic]");
    if (!button) return;
    const field = last || document.querySelector("[data-template]");
    if (!field) return;
    field.setRangeText(`{{${button.dataset.magic}}}`, field.selectionStart, field.selectionEnd, "end");
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
