"use strict";
// One CRM's part of the page: it follows what others do with the interaction, and keeps the keyboard where it was.
(() => {
  const { find, all, isBusy } = deskline;

  const now = (panel) => find(`#facts [data-crm="${panel.dataset.crm}"]`)?.dataset.belongs ?? "";
  const follow = (panel) => {
    const shown = find("input.belongs", panel);
    if (!shown || panel.matches(".htmx-request")) return;
    if (shown.value === now(panel)) find(".moved", panel)?.remove();
    else if (isBusy(panel)) tell(panel);
    else htmx.trigger(panel, "again");
  };
  // Somebody is at work in it: he is told, and decides.
  const tell = (panel) => {
    if (find(".moved", panel)) return;
    const notice = find("#moved").content.firstElementChild.cloneNode(true);
    find("button", notice).addEventListener("click", () => htmx.trigger(panel, "again"));
    panel.prepend(notice);
  };

  document.addEventListener("deskline:kept", ({ target }) => {
    if (target.matches(".cards")) tell(target);
  });

  // An answer takes the place of what had the focus: the keyboard goes on there, first where something is wrong.
  let byHand = null;
  document.addEventListener("htmx:beforeRequest", (event) => {
    const { target, requestConfig } = event.detail;
    if (target?.matches(".cards")) byHand = requestConfig.triggeringEvent?.isTrusted ? target : null;
  });
  const focus = (panel) => {
    const place = find("[aria-invalid]", panel) ?? find(".notice", panel) ?? find("h3", panel);
    if (!place) return;
    if (!place.matches("input, select, textarea")) place.tabIndex = -1;
    place.focus();
  };
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.elt === byHand) {
      byHand = null;
      if (document.activeElement === document.body) focus(event.detail.elt);
    }
    all("#detail .cards").forEach(follow);
  });
})();
