// <div data-here="form id" hidden>: where the phone can say where it is, a button writes it into the fields lat and lon,
// to about a hundred metres, empties the field code (a post code), and sends the form. What the phone does not say is said in the line below it.
for (const box of document.querySelectorAll("[data-here]")) {
  if (!navigator.geolocation) continue;
  const form = document.getElementById(box.dataset.here);
  const button = box.querySelector("button");
  const says = box.querySelector("[data-says]");
  box.hidden = false;
  button.addEventListener("click", () => {
    button.setAttribute("aria-busy", "true");
    navigator.geolocation.getCurrentPosition(({ coords }) => {
      if (form.elements.code) form.elements.code.value = "";
      form.elements.lat.value = coords.latitude.toFixed(3);
      form.elements.lon.value = coords.longitude.toFixed(3);
      form.submit();
    }, () => {
      button.removeAttribute("aria-busy");
      says.textContent = says.dataset.says;
    }, { maximumAge: 60000, timeout: 10000 });
  });
}
