/* What is typed into any form of the office stays in this browser until the site has taken it: through a refusal, a
   reload, an ended sign-in, a lost connection, another form of the page. It is put back where the page still shows what
   it showed then; where somebody else has written meanwhile, both texts are shown. Kept by person, for seven days;
   passwords, files and hidden fields never. `accounts/kept.py` is the site's part. Without this file forms work the same. */
(() => {
  const { person = "", taken = "", posted } = document.currentScript.dataset;
  const ALL = "kept:", OWN = `${ALL}${person}:`, DAYS = 7, DAY = 24 * 60 * 60 * 1000;
  const TEXT = "textarea, input:is(:not([type]), [type=text], [type=number], [type=date], [type=datetime-local], [type=email], [type=url], [type=tel])";
  const NEVER = /password|token|secret|otp|^_selected_action$|-DELETE$/i, NEVER_TYPES = ["hidden", "file", "password", "submit", "button", "reset", "image", "range"];
  const TELLS = ["do", "side", "decision", "status", "line", "into", "region", "programme"]; // which of several alike forms
  let works = true;
  const attempt = (act, otherwise) => { try { return act(); } catch { works = false; return otherwise; } };
  const read = (key) => attempt(() => JSON.parse(localStorage.getItem(key) || "null"), null);
  const write = (key, entry) => attempt(() => (entry ? localStorage.setItem(key, JSON.stringify(entry)) : localStorage.removeItem(key)));
  const keys = (start) => attempt(() => Object.keys(localStorage).filter((key) => key.startsWith(start)), []);
  const when = (at) => new Date(at).toLocaleString("ru", { day: "numeric", month: "long", hour: "2-digit", minute: "2-digit" });
  const make = (tag, attributes = {}, ...inside) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...inside.filter(Boolean));
    return element;
  };
  const button = (words, act) => {
    const element = make("button", { type: "button", class: "link-button" }, words);
    element.addEventListener("click", act);
    return element;
  };

  // ——— A form and its fields ———
  const isKept = (form) => form.method === "post" && form.id !== "changelist-form" && form.querySelector(TEXT);
  const address = (form) => { const url = new URL(form.getAttribute("action") || location.href, location.href); return url.pathname + url.search; };
  const keyOf = (form) => {
    const marks = [...form.elements].filter((one) => one.name && (one.type === "submit" || (one.type === "hidden" && TELLS.includes(one.name))));
    return `${OWN}${address(form)}#${marks.map((one) => `${one.name}=${one.value}`).join("&")}`;
  };
  // Which row of a list a field stands in: words never enter another row than their own.
  const rowOf = (form, name) => (/-\d+-[^-]+$/.test(name) && form.elements[name.replace(/[^-]+$/, "id")]?.value) || "";
  const seenOf = (form) => [...form.elements].filter((one) => /(^|-)(seen|seen_version|row_version)$/.test(one.name)).map((one) => one.value).join("&");
  const groups = (form) => {
    const found = new Map();
    for (const one of form.elements) {
      if (!one.name || one.disabled || NEVER_TYPES.includes(one.type) || NEVER.test(one.name)) continue;
      found.set(one.name, [...(found.get(one.name) || []), one]);
    }
    return found;
  };
  const valuesOf = (group, how) => group.flatMap((one) => {
    if (one.type === "checkbox" || one.type === "radio") return one[how.checked] ? [one.value] : [];
    if (!one.options) return [one[how.value]];
    const chosen = [...one.options].filter((option) => option[how.selected]);
    return (chosen.length || one.multiple ? chosen : [...one.options].slice(0, 1)).map((option) => option.value);
  });
  const NOW = { checked: "checked", value: "value", selected: "selected" };
  const SHOWN = { checked: "defaultChecked", value: "defaultValue", selected: "defaultSelected" };
  const plain = (values) => JSON.stringify(values.map((value) => value.replace(/\r\n/g, "\n")));
  const same = (one, other) => plain(one) === plain(other);
  const said = (group, values) => values.map((value) => {
    const one = group.find((field) => field.value === value && field.labels?.length) || group[0];
    const option = one?.options && [...one.options].find((each) => each.value === value);
    return option ? option.text.trim() : group.length > 1 || one?.type === "checkbox" ? one.labels?.[0]?.textContent.trim() || value : value;
  }).join("; ");
  const labelOf = (group) => {
    const legend = group.length > 1 && group[0].closest("fieldset")?.querySelector("legend");
    const label = legend || group[0].labels?.[0] || group[0].closest("fieldset")?.querySelector("legend");
    return (group[0].getAttribute("aria-label") || label?.firstChild?.textContent.trim() || label?.textContent.trim() || group[0].name).replace(/\s+/g, " ").replace(/[:.\s]+$/, "");
  };
  const put = (group, values, words = []) => {
    for (const one of group) {
      if (one.type === "checkbox" || one.type === "radio") one.checked = values.includes(one.value);
      else if (one.options) {
        // Suggestions of the workshop come from the site: the chosen one is not in the list yet.
        if (one.classList.contains("admin-autocomplete")) values.forEach((value, at) => [...one.options].some((each) => each.value === value) || one.add(new Option(words[at] || value, value)));
        for (const option of one.options) option.selected = values.includes(option.value);
      } else one.value = values[0];
      for (let box = one.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    }
    group[0].dispatchEvent(new Event("input", { bubbles: true }));
    group[0].dispatchEvent(new Event("change", { bubbles: true }));
  };
  const holds = (group, values) => group[0].type === "checkbox" || group[0].type === "radio" || (group[0].options && !group[0].classList.contains("admin-autocomplete"))
    ? values.every((value) => group.some((one) => one.value === value || (one.options && [...one.options].some((each) => each.value === value)))) : true;

  // ——— Keeping: {fields: what differs from what the page showed, aside: what could not be put back} ———
  const isEmpty = (entry) => ![...Object.keys(entry.fields), ...Object.keys(entry.aside)].length;
  const keep = (key, entry) => write(key, isEmpty(entry) ? null : entry);
  const store = (form, mark = "") => {
    const key = keyOf(form), before = read(key), fields = {};
    for (const [name, group] of groups(form)) {
      const was = before?.fields[name]?.was ?? valuesOf(group, SHOWN), now = valuesOf(group, NOW);
      if (same(was, now)) continue;
      const words = group[0].options ? [...group[0].selectedOptions].map((one) => one.text) : [];
      fields[name] = { was, now, words, row: rowOf(form, name), label: labelOf(group), said: said(group, now) };
    }
    const title = document.querySelector("h1")?.textContent.trim().replace(/\s+/g, " ");
    keep(key, { at: Date.now(), mark, seen: seenOf(form), page: location.pathname + location.search, title, fields, aside: before?.aside || {} });
    form.dataset.kept = works ? "yes" : "";
  };
  // The site has these values now (a form that saves itself): from here on they are what the page showed.
  const settle = (form, data) => {
    for (const [name, group] of groups(form)) {
      const values = data.getAll(name);
      for (const one of group) {
        if (one.type === "checkbox" || one.type === "radio") one.defaultChecked = values.includes(one.value);
        else if (one.options) for (const option of one.options) option.defaultSelected = values.includes(option.value);
        else one.defaultValue = values[0] ?? "";
      }
    }
    write(keyOf(form), null);
    store(form);
    const lead = form.querySelector("[data-kept-notice] b");
    if (lead) lead.textContent = "Вернули набранное, черновик сохранён.";
  };

  // ——— Telling ———
  const notice = (place, key, [lead, more], ...parts) => {
    const box = make("div", { class: "note note--warn kept", role: "status", "data-kept-notice": "" });
    const erase = button("Стереть набранное", () => { write(key, null); box.dispatchEvent(new Event("kept:erase")); box.remove(); });
    box.append(...[make("p", {}, make("b", {}, lead), more && ` ${more}`), ...parts, make("p", {}, erase)].filter(Boolean));
    place.prepend(box);
    return box;
  };
  const mine = (field, stands, act) => {
    const area = make("textarea", { class: "input", rows: "3", readonly: "", "aria-label": `${field.label}: ваш текст` });
    area.value = field.said;
    return make("div", { class: "kept__both" },
      make("p", {}, make("b", {}, `${field.label}.`), stands === undefined ? "" : make("span", {}, ` Сейчас на странице: «${stands || "пусто"}». У вас:`)),
      area, act && make("p", {}, act));
  };
  const giveBack = (form, key, entry) => {
    const there = groups(form), back = [];
    for (const [name, field] of Object.entries(entry.fields)) {
      const group = there.get(name), stands = group && valuesOf(group, SHOWN), isRow = group && rowOf(form, name) === field.row;
      if (group && isRow && same(stands, field.now)) delete entry.fields[name];
      else if (group && isRow && same(stands, field.was) && holds(group, field.now)) back.push([field, group]);
      else { entry.aside[name] = field; delete entry.fields[name]; }
    }
    keep(key, entry);
    const aside = Object.entries(entry.aside), { seen, at } = entry;
    if (!back.length && !aside.length) return;
    for (const [field, group] of back) put(group, field.now, field.words);
    const box = notice(form, key, back.length
      ? [`Вернули набранное ${when(at)}: оно ещё не сохранено.`, !aside.length && seen !== seenOf(form) && "Запись с тех пор изменилась: проверьте."]
      : [`Набранное ${when(at)} не сохранено.`],
    aside.length && make("p", {}, "С тех пор это изменили. Ваш текст цел: сравните."),
    ...aside.map(([name, field]) => {
      const group = there.get(name), fits = group && rowOf(form, name) === field.row && holds(group, field.now);
      const part = mine(field, group && said(group, valuesOf(group, SHOWN)), fits && button("Поставить мой текст", () => {
        const kept = read(key);
        if (kept) { delete kept.aside[name]; keep(key, kept); }
        put(group, field.now, field.words);
        part.remove();
        group[0].focus();
      }));
      return part;
    }));
    box.addEventListener("kept:erase", () => { for (const [field, group] of back) put(group, field.was); write(key, null); });
    for (let part = box.closest("details"); part; part = part.parentElement.closest("details")) part.open = true;
  };
  const addRows = (form, entry) => { // rows that a person had added in the workshop
    const last = {};
    for (const name of Object.keys(entry.fields)) { const [, prefix, number] = name.match(/^(.+)-(\d+)-[^-]+$/) || []; if (prefix) last[prefix] = Math.max(last[prefix] ?? 0, Number(number) + 1); }
    for (const [prefix, need] of Object.entries(last)) {
      const adder = document.querySelector(`#${CSS.escape(prefix)}-group .add-row a`);
      for (let has = Number(form.elements[`${prefix}-TOTAL_FORMS`]?.value || 0); adder && has < need; has += 1) adder.click();
    }
  };
  const lost = (key, entry) => notice(document.querySelector("main, #content"), key,
    [`Набранное ${when(entry.at)} не сохранено, а этой формы на странице больше нет.`, "Скопируйте, что нужно."],
    ...Object.values({ ...entry.fields, ...entry.aside }).map((field) => mine(field)));

  const open = () => {
    for (const key of keys(ALL)) {
      const entry = read(key), isTaken = key.startsWith(OWN) && entry?.mark && taken.split(" ").includes(entry.mark);
      if (!entry?.fields || isTaken || Date.now() - entry.at > DAYS * DAY) write(key, null);
    }
    if (!person) return;
    const forms = [...document.forms].filter(isKept), here = new Set(forms.map(keyOf));
    const pages = new Set([location.pathname, location.pathname + location.search].map((page) => OWN + page));
    // The page is the answer to a form just sent: it shows itself what was typed there, and why it was not taken.
    const isAnswered = (entry) => posted && entry.mark;
    for (const form of forms) {
      const key = keyOf(form), entry = read(key);
      if (!entry || isAnswered(entry) || form.querySelector("[data-kept-notice]")) continue;
      addRows(form, entry);
      giveBack(form, key, entry);
    }
    for (const key of keys(OWN)) {
      const entry = read(key);
      if (pages.has(key.split("#")[0]) && !here.has(key) && !isAnswered(entry)) lost(key, entry);
    }
    // A long page hides a notice: its top says where to look.
    const first = document.querySelector("form [data-kept-notice]");
    if (first && first.getBoundingClientRect().top > window.innerHeight) {
      first.id = "kept";
      document.querySelector("main, #content").prepend(make("div", { class: "note note--warn kept kept--top" },
        make("p", {}, "Ниже есть набранное, которое ещё не сохранено. ", make("a", { href: "#kept" }, "Показать"))));
    }
    const list = document.querySelector("[data-kept-list]"), elsewhere = new Map();
    for (const key of keys(OWN)) { const entry = read(key); if (entry && entry.page !== location.pathname + location.search) elsewhere.set(entry.page, entry); }
    if (list && elsewhere.size) {
      list.hidden = false;
      for (const [page, entry] of elsewhere) list.querySelector("ul").append(make("li", {}, make("a", { href: page }, entry.title || page), ` ${when(entry.at)}`));
    }
    const clear = document.querySelector("[data-kept-clear]");
    if (clear && keys(OWN).length) {
      clear.hidden = false;
      clear.closest("form").addEventListener("submit", () => { if (clear.querySelector("input").checked) keys(OWN).forEach((key) => write(key, null)); });
    }
  };

  // ——— While the page is open ———
  const freshen = () => { // the sign-in may have been renewed in another tab
    const fresh = (document.cookie.match(/(?:^|; )csrftoken=([^;]+)/) || [])[1];
    if (fresh) document.querySelectorAll("input[name=csrfmiddlewaretoken]").forEach((one) => { one.value = fresh; });
  };
  const carry = (form, name, value) => {
    const field = form.elements[name] || form.appendChild(make("input", { type: "hidden", name }));
    field.value = value;
  };
  let leaving = false;
  const edited = (event) => { const { form } = event.target; if (person && form && isKept(form)) { store(form); leaving = false; } };
  document.addEventListener("input", edited);
  document.addEventListener("kept:saved", (event) => { if (person) settle(event.target, event.detail); });
  document.addEventListener("change", edited);
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post") return;
    freshen();
    if (!person) return;
    if (navigator.onLine === false && isKept(form) && !form.matches("[data-hall]")) {
      event.preventDefault();
      event.stopImmediatePropagation();
      store(form);
      form.querySelector("[data-kept-offline]")?.remove();
      form.append(make("div", { class: "note note--warn kept", role: "alert", "data-kept-offline": "" }, make("p", {}, make("b", {}, "Нет связи."), works ? " Набранное сохранено в этом браузере. Отправьте, когда связь вернётся." : " Не закрывайте страницу: браузер не хранит набранное.")));
      return;
    }
    const mark = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
    carry(form, "kept_mark", mark);
    carry(form, "kept_by", person);
    if (isKept(form)) store(form, mark);
    leaving = true;
  }, true);
  window.addEventListener("focus", freshen);
  window.addEventListener("pageshow", () => { leaving = false; freshen(); });
  window.addEventListener("beforeunload", (event) => {
    if (!works && !leaving && [...document.forms].some((form) => isKept(form) && [...groups(form).values()].some((group) => !same(valuesOf(group, SHOWN), valuesOf(group, NOW))))) event.preventDefault();
  });
  // The workshop builds its rows and lists on load; pages of the office are ready before.
  if (document.getElementById("container")) window.addEventListener("load", () => window.setTimeout(open, 0)); else open();
})();
