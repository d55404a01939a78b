"use strict";
// While the form of a new card is there, the server is told so, and no worker makes that card; when it is left, too.
(() => {
  const { all, session, token } = deskline;
  const PERIOD = 20000;
  const held = new Set();
  const forms = () => all("form[data-held]");
  const nameOf = (form) => form.elements.namedItem("token").value;

  // Kept alive, it is sent even by a page that goes away; the next one makes up for one that is lost. Nobody asks for it,
  // so it keeps no session alive.
  const speak = (address, name, leave = false) => {
    const said = new FormData();
    said.set("csrfmiddlewaretoken", token());
    said.set("token", name);
    if (leave) said.set("leave", "1");
    if (session.ended) return;
    fetch(address, { method: "POST", body: said, keepalive: true, headers: { "X-Unattended": "yes" } }).catch(() => {});
  };
  const hold = (form) => {
    held.add(nameOf(form));
    speak(form.dataset.held, nameOf(form));
  };
  document.addEventListener("htmx:afterSettle", () => {
    forms().filter((form) => !held.has(nameOf(form))).forEach(hold);
  });
  setInterval(() => forms().forEach(hold), PERIOD);

  document.addEventListener("htmx:beforeCleanupElement", ({ target: form }) => {
    if (!form.matches?.("form[data-held]")) return;
    const [address, name] = [form.dataset.held, nameOf(form)];
    // The same form comes back with what was typed when something was refused.
    setTimeout(() => {
      if (forms().some((other) => nameOf(other) === name)) return;
      held.delete(name);
      speak(address, name, true);
    }, 100);
  });
  window.addEventListener("pagehide", () => forms().forEach((form) => speak(form.dataset.held, nameOf(form), true)));
  window.addEventListener("pageshow", ({ persisted }) => persisted && forms().forEach(hold));
})();
