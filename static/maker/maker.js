// Copy buttons: <button data-copy="text">. The label changes for a moment, and is read out.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const label = button.querySelector("[data-label]");
  const before = label.textContent;
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    label.textContent = button.dataset.copied;
  } catch {
    // Without https there is no clipboard: select the text, so that Ctrl+C takes it.
    const field = document.getElementById(button.dataset.field);
    field.focus();
    field.select();
    label.textContent = button.dataset.press;
  }
  setTimeout(() => { label.textContent = before; }, 2500);
});
