"use strict";
// The end of the agent's session: whoever has typed something keeps the page, signs in beside it, and saves then.
(() => {
  const { find, typed, session, token } = deskline;

  // What nobody asked for keeps no session alive. Signing in changes the token against forged forms.
  document.addEventListener("htmx:configRequest", (event) => {
    const { headers, parameters, triggeringEvent, verb } = event.detail;
    if (!triggeringEvent?.isTrusted) headers["X-Unattended"] = "yes";
    if (verb !== "get" && token()) parameters.csrfmiddlewaretoken = token();
  });
  const end = () => {
    session.ended = true;
    if (typed().length) find("#ended").hidden = false;
    else location.assign("/");
  };
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status === 401) end();
  });
  document.addEventListener("htmx:beforeOnLoad", (event) => {
    const { status } = event.detail.xhr;
    if (event.detail.xhr.getResponseHeader("HX-Redirect") !== null && typed().length) {
      event.preventDefault();
      end();
    } else if (status < 400) {
      session.ended = false;
      find("#ended").hidden = true;
    }
  });
})();
