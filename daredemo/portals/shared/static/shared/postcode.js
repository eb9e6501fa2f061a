// <div data-postcode="/postcode/"> around the fields: seven digits fetch {"towns": [{prefecture, city, town}]}
// and fill the inputs marked data-fill="prefecture|city|town", or all in one: data-fill="address"; then the cursor goes to data-fill="next".
for (const box of document.querySelectorAll("[data-postcode]")) {
  const code = box.querySelector("[data-fill=code] input, input[data-fill=code]") || box.querySelector("[autocomplete=postal-code]");
  const says = box.querySelector("[role=status]");
  let last = "";
  const look = async () => {
    const digits = code.value.normalize("NFKC").replace(/\D/g, "");
    if (digits.length !== 7 || digits === last) return;
    last = digits;
    const answer = await fetch(box.dataset.postcode + "?code=" + digits).catch(() => null);
    if (!answer || !answer.ok) return;
    const { towns } = await answer.json();
    if (!towns.length) return;
    for (const part of ["prefecture", "city", "town"]) {
      const input = box.querySelector(`[data-fill=${part}]`);
      const same = towns.every((t) => t[part] === towns[0][part]);
      if (input && (same || part !== "town")) input.value = towns[0][part];
    }
    const whole = towns[0].prefecture + towns[0].city + (towns.length === 1 ? towns[0].town : "");
    const one = box.querySelector("[data-fill=address]");
    if (one) one.value = whole;
    if (says) says.textContent = whole;
    box.querySelector("[data-fill=next]")?.focus();
  };
  code?.addEventListener("input", look);
}
