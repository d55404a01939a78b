"use strict";
// What an agent types is never thrown away: not by leaving, not by an answer that fails, not by the end of his session.
(() => {
  const { find, typed, session } = deskline;

  document.addEventListener("input", (event) => {
    const form = event.target.closest(".card-form");
    if (form) form.dataset.changed = "yes";
  });

  // Leaving a changed form asks first.
  const leaves = ({ elt, target }) =>
    typed().some((form) => target?.contains(form) && (!form.contains(elt) || elt.matches("[data-discard]")));
  // A date half typed reaches nobody: the browser would send nothing in its place.
  const half = (form) => (form.matches(".card-form") ? [...form.elements].find((field) => field.validity?.badInput) : null);
  let cursor = null;
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt } = event.detail;
    const field = elt.matches("form") && half(elt);
    if (field) {
      event.preventDefault();
      field.focus();
      field.reportValidity();
    } else if (leaves(event.detail) && !window.confirm(find("#detail").dataset.unsaved)) {
      event.preventDefault();
    } else if (elt.matches(".card-form")) {
      cursor = elt.contains(document.activeElement) ? document.activeElement : null;
    }
  });
  window.addEventListener("beforeunload", (event) => {
    if (typed().length) event.preventDefault();
  });
  // While a form is on its way it takes no typing, which would be lost; without an answer, one types on where one was.
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt.matches(".card-form") && !event.detail.successful) cursor?.focus();
  });

  // What was not answered, or refused, says so above what was there.
  const retryOf = (elt) => {
    if (elt.matches("form")) elt.requestSubmit();
    else htmx.trigger(elt, elt.matches("a, button") ? "click" : "again");
  };
  const noAnswer = (event) => {
    const { elt, target, xhr } = event.detail;
    if (elt.id === "live" || !target || session.ended) return;
    find(".notice.no-answer", target)?.remove();
    find(".searching", target)?.remove();
    const refused = [403, 404].includes(xhr?.status);
    const notice = find(refused ? "#not-yours" : "#no-answer").content.firstElementChild.cloneNode(true);
    notice.classList.add("no-answer");
    find("[data-retry]", notice)?.addEventListener("click", () => retryOf(elt));
    target.prepend(notice);
  };
  ["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach((name) => document.addEventListener(name, noAnswer));
})();
