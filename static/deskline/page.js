"use strict";
// What the scripts of the agent's page share.
const deskline = (() => {
  const find = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  // Forms with something that nobody has saved.
  const typed = (root = find("#detail")) => all("form[data-changed], form.htmx-request", root);
  // Whether somebody is at work there: where only a script has put the focus, nobody is.
  const isBusy = (root = find("#detail")) =>
    typed(root).length > 0 || (root.contains(document.activeElement) && !document.activeElement.matches('[tabindex="-1"]'));
  const session = { ended: false };
  const token = () => /(?:^|; )deskline_csrf=([^;]+)/.exec(document.cookie)?.[1] ?? "";
  return { find, all, typed, isBusy, session, token };
})();
