"use strict";
// The agent's page, kept live: asks for news while somebody looks, opens what arrives, and never throws away typing.
(() => {
  const PERIOD = 2000;
  const PATIENT = 10000;
  const find = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const ids = () => new Set(all("#live [data-live]").map((line) => line.dataset.interaction));
  let known = ids();
  let failures = 0;
  let asking = false;
  let ended = false;

  // News: one question at a time, none while the tab is hidden, fewer while nobody answers.
  const ask = () => {
    if (!asking && !ended && !document.hidden && find("#live")) htmx.trigger("#live", "poll");
  };
  const again = () => {
    ask();
    setTimeout(again, failures ? PATIENT : PERIOD);
  };
  const answered = (ok) => {
    failures = ok ? 0 : failures + 1;
    find("#offline").hidden = failures < 2;
  };
  document.addEventListener("visibilitychange", ask);
  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.elt.id === "live") asking = true;
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt.id !== "live") return;
    asking = false;
    answered(event.detail.successful);
  });

  // What nobody asked for keeps no session alive. Once it has ended, the page goes to the sign-in, unless words would
  // be lost.
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.detail.triggeringEvent?.isTrusted) event.detail.headers["X-Unattended"] = "yes";
  });
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status !== 401) return;
    ended = true;
    if (unsaved()) find("#ended").hidden = false;
    else location.assign("/");
  });

  // What arrives is announced, and opened unless the agent is typing.
  const unsaved = () => find("#detail form[data-changed]");
  const arrivals = () => {
    const fresh = all("#live [data-live]").filter((line) => !known.has(line.dataset.interaction));
    known = ids();
    if (!fresh.length) return;
    fresh.forEach((line) => line.classList.add("fresh"));
    find("#announce").textContent = fresh.map((line) => line.dataset.announce).join(". ");
    if (!unsaved() && !isBusy()) htmx.trigger(fresh[0], "click");
  };
  const isBusy = () => find("#detail").contains(document.activeElement) && document.activeElement.id !== "detail-title";
  const markOpened = () => {
    const opened = find("#open-interaction")?.value;
    all("#live .line").forEach((line) => {
      if (line.dataset.interaction === opened) line.setAttribute("aria-current", "true");
      else line.removeAttribute("aria-current");
    });
  };
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.elt.id === "live") arrivals();
    if (event.detail.elt.id === "detail" && event.detail.requestConfig?.triggeringEvent?.isTrusted) goToDetail();
    markOpened();
    tick();
  });
  const goToDetail = () => {
    find("#detail-title")?.focus({ preventScroll: true });
    find("#detail").scrollTop = 0;
    if (matchMedia("(max-width: 760px)").matches) find("#detail").scrollIntoView();
  };

  // Typing is kept: leaving a changed card asks first.
  document.addEventListener("input", (event) => {
    const form = event.target.closest(".card-form");
    if (form) form.dataset.changed = "yes";
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = unsaved();
    const { elt, target } = event.detail;
    const leaves = form && target?.contains(form) && (!form.contains(elt) || elt.matches("[data-discard]"));
    if (leaves && !window.confirm(find("#detail").dataset.unsaved)) event.preventDefault();
  });
  window.addEventListener("beforeunload", (event) => {
    if (unsaved()) event.preventDefault();
  });

  // What was not answered, or refused, says so above what was there.
  const retryOf = (elt) => {
    if (elt.matches("form")) elt.requestSubmit();
    else htmx.trigger(elt, elt.matches("a, button") ? "click" : "again");
  };
  const noAnswer = (event) => {
    const { elt, target, xhr } = event.detail;
    if (elt.id === "live" || !target || ended) return;
    find(".notice.no-answer", target)?.remove();
    find(".searching", target)?.remove();
    const refused = [403, 404].includes(xhr?.status);
    const notice = find(refused ? "#not-yours" : "#no-answer").content.firstElementChild.cloneNode(true);
    notice.classList.add("no-answer");
    find("[data-retry]", notice)?.addEventListener("click", () => retryOf(elt));
    target.prepend(notice);
  };
  ["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach((name) => document.addEventListener(name, noAnswer));

  // Clocks of what still goes on.
  const two = (number) => String(number).padStart(2, "0");
  const tick = () => {
    all("time[data-since]").forEach((clock) => {
      const seconds = Math.max(0, Math.floor((Date.now() - Date.parse(clock.dataset.since)) / 1000));
      const hours = Math.floor(seconds / 3600);
      const minutes = Math.floor(seconds / 60) % 60;
      clock.textContent = (hours ? `${hours}:${two(minutes)}` : minutes) + ":" + two(seconds % 60);
    });
  };

  // Menus close when one looks elsewhere.
  const close = (event) => {
    all(".menu[open]").forEach((menu) => {
      if (event.key === "Escape" || !menu.contains(event.target)) menu.open = false;
    });
  };
  document.addEventListener("click", close);
  document.addEventListener("keydown", (event) => event.key === "Escape" && close(event));

  tick();
  setInterval(tick, 1000);
  setTimeout(again, PERIOD);
})();
