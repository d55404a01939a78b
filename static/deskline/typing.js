"use strict";
// What an agent types is never thrown away: not by leaving, not by an answer that fails, not by the end of his session.
(() => {
  const { find, typed, session } = deskline;

  document.addEventListener("input", (event) => {
    const form = event.target.closest(".card-form");
    if (form) form.dataset.changed = "yes";
  });

  // Leaving a changed form asks first.
  const left = ({ elt, target }) =>
    typed().filter((form) => target?.contains(form) && (!form.contains(elt) || elt.matches("[data-discard]")));
  const leave = () => window.confirm(find("#detail").dataset.unsaved);
  const field = (root) => (root?.contains(document.activeElement) ? document.activeElement.closest("input, select, textarea") : null);
  // A date half typed reaches nobody: the browser would send nothing in its place.
  const half = (form) => (form.matches(".card-form") ? [...form.elements].find((field) => field.validity?.badInput) : null);
  let cursor = null;
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, target, requestConfig } = event.detail;
    const wrong = elt.matches("form") && half(elt);
    requestConfig.left = left(event.detail);
    requestConfig.field = field(target);
    if (wrong) {
      event.preventDefault();
      wrong.focus();
      wrong.reportValidity();
    } else if (requestConfig.left.length && !leave()) {
      event.preventDefault();
    } else if (elt.matches(".card-form")) {
      cursor = elt.contains(document.activeElement) ? document.activeElement : null;
    }
  });
  // Whoever began to type since the request keeps that too: asked if it was his own, and undisturbed if it was not.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, requestConfig } = event.detail;
    const { elt } = requestConfig;
    const byHand = requestConfig.triggeringEvent?.isTrusted;
    const begun = left({ elt, target }).some((form) => !requestConfig.left?.includes(form));
    const entered = !byHand && field(target) && field(target) !== requestConfig.field;
    if (!(begun || entered) || (byHand && leave())) return;
    event.detail.shouldSwap = false;
    target.dispatchEvent(new CustomEvent("deskline:kept", { bubbles: true, detail: { elt } }));
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
