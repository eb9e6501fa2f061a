// A form that is on its way is not sent again. The button stays usable for everyone: it says that it is busy.
addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.hasAttribute("hx-post") || form.hasAttribute("data-again")) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "1";
  if (event.submitter) event.submitter.setAttribute("aria-busy", "true");
});
// Back from the next page: the form can be sent again.
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});
// An error summary is read first.
document.querySelector("[data-focus]")?.focus();
