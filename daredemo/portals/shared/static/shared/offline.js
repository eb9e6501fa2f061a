// No connection: <div data-offline="/worker.js" hidden> says so, and what was typed stays on the page.
// A form on its way waits in this tab for the next page; the worker's page sends it again: <form data-unsent>.
const KEY = "unsent", MINUTES = 30;
const SECRET = /password|(^|[^a-z])(again|code|pin|otp|credential)([^a-z]|$)/;
const secret = (name) => SECRET.test(name.toLowerCase().replace("post_code", ""));
const box = document.querySelector("[data-offline]");
const again = document.querySelector("form[data-unsent]");
const say = () => {
  document.getElementById("messages").prepend(box);
  box.hidden = false;
  box.focus();
};
const keep = (form, button) => {
  const typed = [...new FormData(form)].filter(([name, value]) => typeof value === "string" && !secret(name));
  if (button?.name && !secret(button.name)) typed.push([button.name, button.value]);
  const to = button?.getAttribute("formaction") || form.getAttribute("action") || location.href;
  sessionStorage.setItem(KEY, JSON.stringify({ to, typed, at: Date.now() }));
};
if (again) {
  const kept = JSON.parse(sessionStorage.getItem(KEY));
  if (kept && Date.now() - kept.at < MINUTES * 60000) {
    again.action = kept.to;
    for (const [name, value] of kept.typed) again.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
    again.hidden = false;
    document.querySelector("[data-reopen]").hidden = true;
  }
} else if (box) {
  sessionStorage.removeItem(KEY);
  addEventListener("load", () => navigator.serviceWorker?.register(box.dataset.offline).catch(() => {}));
  for (const name of ["htmx:sendError", "htmx:timeout"]) addEventListener(name, say);
  addEventListener("online", () => { box.hidden = true; });
  addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.getAttribute("method") !== "post") return;
    if (!navigator.onLine) { event.preventDefault(); say(); }
    else if (!form.action.endsWith("/logout/")) keep(form, event.submitter);
  });
}
