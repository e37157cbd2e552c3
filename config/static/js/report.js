/* The report form: slider and number together, a draft that saves itself, photos sent as soon as they are chosen.
   What is typed without a connection is kept by kept.js, as on every page. Without this file the form works the
   same: the button keeps and sends everything. */
(() => {
  const form = document.querySelector("[data-draft]");
  if (!form || !window.fetch) return;
  const range = form.querySelector("[data-sync]");
  const number = range && document.getElementById(range.dataset.sync);
  if (number) {
    range.hidden = false;
    range.addEventListener("input", () => { number.value = range.value; });
    number.addEventListener("input", () => { range.value = number.value || 0; });
  }
  const status = form.querySelector("[data-draft-status]");
  const names = form.querySelector("[data-file-names]");
  const files = form.querySelector('input[type="file"]');
  const version = form.elements.seen_version;
  const say = (text) => { if (status) status.textContent = text; };

  let timer, sending = false, again = false, leaving = false;
  const save = async (withFiles) => {
    if (leaving) return;
    if (sending) { again = again || (withFiles ? "files" : true); return; }
    sending = true;
    const data = new FormData(form);
    data.set("do", "draft");
    if (!withFiles) data.delete("files");
    try {
      const answer = await fetch(location.pathname, { method: "POST", body: data, headers: { "X-Requested-With": "fetch" } });
      const told = answer.status === 403 ? { error: "Вход закончился. Набранное цело: войдите в соседней вкладке" } : await answer.json();
      if (!answer.ok) say(told.error || "Черновик сохранён на телефоне"); else {
        version.value = told.version;
        form.dispatchEvent(new CustomEvent("kept:saved", { bubbles: true, detail: data }));
        say("Черновик сохранён в " + told.saved);
        if (withFiles) {
          files.value = "";
          names.textContent = [told.files.length ? "Приложено: " + told.files.length : "Пока ничего нет", ...told.refused].join(". ");
        }
      }
    } catch {
      say(form.dataset.kept ? "Нет связи: черновик сохранён на телефоне" : "Нет связи: не закрывайте страницу");
      if (withFiles) names.textContent = "Файлы уйдут вместе с отчётом";
    }
    sending = false;
    if (again) { const files = again === "files"; again = false; save(files); }
  };
  form.addEventListener("input", (event) => {
    if (event.target === files) return;
    clearTimeout(timer);
    timer = setTimeout(save, 900);
  });
  if (files) files.addEventListener("change", () => {
    if (!files.files.length) return;
    names.textContent = "Отправляем: " + [...files.files].map((file) => file.name).join(", ");
    save(true);
  });
  form.addEventListener("submit", (event) => {
    if (leaving) { event.preventDefault(); return; }   // a second tap
    clearTimeout(timer);
    leaving = true;
    setTimeout(() => { leaving = false; }, 8000);      // the connection was lost: let them try again
  });
  window.addEventListener("pageshow", () => { leaving = false; });
})();
