// Says in words when a passkey could not be read; allauth only writes it to the console.
document.addEventListener("allauth.error", () => {
  for (const place of document.querySelectorAll("[data-passkey-error]")) {
    place.hidden = false;
    place.focus();
  }
});
