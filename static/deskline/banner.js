"use strict";
// The agent's page, kept live: asks for news while somebody looks, and announces what arrives.
(() => {
  const { find, all, isBusy, session } = deskline;
  const PERIOD = 2000;
  const PATIENT = 10000;
  const lines = () => all("#live [data-live]");
  const ids = () => new Set(lines().map((line) => line.dataset.interaction));
  let known = ids();
  let failures = 0;
  let asking = false;

  // News: one question at a time, none while the tab is hidden, fewer while nobody answers.
  const ask = () => {
    if (!asking && !document.hidden && find("#live")) htmx.trigger("#live", "poll");
  };
  const again = () => {
    if (!session.ended) ask(); // whoever has signed in again comes back to this tab: then it asks once more
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

  // What arrives is announced. It opens by itself only where nothing is under way and nobody is at work.
  const opened = () => find("#open-interaction")?.value;
  const isFree = () => !opened() || (!find("#facts [data-under-way]") && !isBusy());
  const arrivals = () => {
    const fresh = lines().filter((line) => !known.has(line.dataset.interaction));
    known = ids();
    dismissOver();
    if (!fresh.length) return;
    fresh.forEach((line) => line.classList.add("fresh"));
    find("#announce").textContent = fresh.map((line) => line.dataset.announce).join(". ");
    const first = isFree() ? fresh.shift() : null;
    fresh.forEach(show);
    if (first) htmx.trigger(first, "click");
  };
  const show = (line) => {
    const card = find("#arrival").content.firstElementChild.cloneNode(true);
    card.dataset.arrival = line.dataset.interaction;
    find(".icon", card).replaceWith(find(".icon", line).cloneNode(true));
    find(".who", card).textContent = find(".who", line).textContent;
    find(".what", card).textContent = `${line.dataset.flow} · ${find(".what", line).textContent}`;
    const open = find("a", card);
    open.href = line.href;
    open.setAttribute("hx-get", line.getAttribute("hx-get"));
    find("[data-close]", card).addEventListener("click", () => dismiss(card));
    find("#arrivals").append(card);
    htmx.process(card);
    find("#arrivals").hidden = false;
  };
  document.addEventListener("deskline:kept", ({ target, detail }) => {
    if (target.id === "detail" && detail.elt.matches("#live .line[data-live]")) show(detail.elt);
  });
  const dismiss = (card) => {
    card.remove();
    find("#arrivals").hidden = !find("#arrivals [data-arrival]");
  };
  const dismissOver = () => {
    const now = ids();
    all("#arrivals [data-arrival]").forEach((card) => {
      if (card.dataset.arrival === opened() || !now.has(card.dataset.arrival)) dismiss(card);
    });
  };
  const markOpened = () => {
    all("#live .line").forEach((line) => {
      if (line.dataset.interaction === opened()) line.setAttribute("aria-current", "true");
      else line.removeAttribute("aria-current");
    });
  };
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.detail.elt.id === "live") arrivals();
    if (event.detail.elt.id === "detail") {
      dismissOver();
      if (event.detail.requestConfig?.triggeringEvent?.isTrusted) goToDetail();
    }
    markOpened();
    tick();
  });
  const goToDetail = () => {
    find("#detail-title")?.focus({ preventScroll: true });
    find("#detail").scrollTop = 0;
    if (matchMedia("(max-width: 760px)").matches) find("#detail").scrollIntoView();
  };

  // The address names what is open, so that a reload stays with it although something newer has come.
  const address = find("#open-interaction")?.dataset.address;
  if (address) history.replaceState(history.state, "", address);

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
