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

// A window that is no window (the sign-in after a session ended, a refusal, an error) is shown as the page that it is.
const isWindow = (target) => ["modal-content", "dialog"].includes(target.id);
document.addEventListener("htmx:beforeSwap", (event) => {
  const { target, xhr, requestConfig } = event.detail;
  if (!isWindow(target) || xhr.responseText.includes('id="dialog"')) return;
  event.detail.shouldSwap = false;
  if (requestConfig.verb === "get") location.assign(requestConfig.path);
  else location.reload();
});

// Whoever works with the keyboard or a screen reader goes on inside the window that opened.
document.addEventListener("htmx:afterSettle", (event) => {
  if (isWindow(event.detail.target)) requestAnimationFrame(() => document.getElementById("dialog")?.focus());
});

// An open window keeps the keyboard to itself; a closed one gives it back to what opened it.
let opener = null;
document.addEventListener("focusin", (event) => {
  if (event.target.closest("#page")) opener = event.target;
});
document.addEventListener("DOMContentLoaded", () => {
  const [overlay, page] = ["modal-overlay", "page"].map((id) => document.getElementById(id));
  if (!overlay || !page) return;
  new MutationObserver(() => {
    const open = overlay.style.display !== "none";
    if (page.inert === open) return;
    page.inert = open;
    if (!open) opener?.focus();
  }).observe(overlay, { attributeFilter: ["style"] });
});

// Unfold folds tabs that find no room, and measures before the icons' font is there: until then their names take room.
document.fonts.ready.then(() => {
  const folded = document.getElementById("tabs-dropdown")?.childElementCount ?? 0;
  for (let tab = 0; tab < folded; tab += 1) window.dispatchEvent(new Event("resize"));
});

// Unfold (0.91) lets some plain elements be clicked only: the person's menu with its way out, themes, filters.
const press = (event) => {
  if (event.key !== "Enter" && event.key !== " ") return;
  event.preventDefault();
  event.currentTarget.click();
};
const reachable = (root) => {
  for (const element of root.querySelectorAll("[x-on\\:click]:not([tabindex])")) {
    if (element.matches("a[href], button, input, select, textarea, label, nav, form")) continue;
    element.tabIndex = 0;
    element.setAttribute("role", "button");
    element.addEventListener("keydown", press);
  }
};
document.addEventListener("DOMContentLoaded", () => reachable(document));
document.addEventListener("htmx:afterSettle", (event) => reachable(event.detail.target));
