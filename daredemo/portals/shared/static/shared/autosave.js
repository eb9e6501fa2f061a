// Drafts save themselves: <form data-autosave="/address"> with <p data-saved role="status" data-text="保存しました">.
for (const form of document.querySelectorAll("form[data-autosave]")) {
  const says = form.querySelector("[data-saved]");
  let timer, version = 0;
  const save = async () => {
    const mine = ++version;
    const body = new FormData(form);
    for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
    try {
      const answer = await fetch(form.dataset.autosave, { method: "POST", body, headers: { "X-Autosave": "1" } });
      if (says && mine === version) says.textContent = answer.ok ? says.dataset.text : "";
    } catch { if (says) says.textContent = ""; }
  };
  form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(save, 1500); });
  form.addEventListener("submit", () => { clearTimeout(timer); version++; });
  addEventListener("visibilitychange", () => { if (document.hidden && timer) { clearTimeout(timer); timer = 0; save(); } });
}
