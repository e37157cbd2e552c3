/* Names for what the stock admin leaves nameless to a screen reader: autocompletes, parts of date and time, empty heads. */
(() => {
  const text = (element) => (element ? element.textContent.replace(/[:\s]+$/, "").trim() : "");
  const nameOf = (field) => {
    const own = field.id && document.querySelector(`label[for="${field.id}"]`);
    if (own) return text(own);
    const group = field.closest("fieldset.flex-container");
    if (group && group.querySelector("legend")) return text(group.querySelector("legend"));
    const cell = field.closest("td");
    const head = cell && cell.closest("table").querySelectorAll("thead th, thead td")[cell.cellIndex];
    return text(head) || text(field.closest(".form-row")?.querySelector("label, legend")) || field.name;
  };
  const nameAutocompletes = () => document.querySelectorAll("select.admin-autocomplete").forEach((select) => {
    const box = select.nextElementSibling;
    if (!box || !box.classList.contains("select2")) return;
    const name = nameOf(select);
    box.querySelectorAll(".select2-selection, .select2-search__field, span.select2-selection__rendered").forEach((part) => {
      part.removeAttribute("aria-labelledby");
      part.setAttribute("aria-label", [name, ...[...select.selectedOptions].map(text)].filter(Boolean).join(": "));
    });
    // Select2 puts its search field among the chosen items of a list that has none yet.
    box.querySelectorAll("ul.select2-selection__rendered").forEach((list) => {
      list.setAttribute("role", "presentation");
      list.querySelectorAll("li").forEach((item) => item.setAttribute("role", "presentation"));
    });
  });
  const nameParts = () => document.querySelectorAll(".vDateField, .vTimeField").forEach((field) => {
    if (field.labels.length || field.hasAttribute("aria-label")) return;
    field.setAttribute("aria-label", `${nameOf(field)}: ${field.classList.contains("vDateField") ? "дата" : "время"}`);
  });
  const nameHeads = () => document.querySelectorAll("thead th:empty").forEach((head) => {
    const cell = document.createElement("td");
    cell.className = head.className;
    head.replaceWith(cell);
  });
  const nameAll = () => { nameHeads(); nameAutocompletes(); nameParts(); };
  const soon = () => window.setTimeout(nameAll, 0);
  window.addEventListener("load", () => {
    nameAll();
    document.addEventListener("formset:added", soon);
    document.addEventListener("change", soon);
    if (window.django && window.django.jQuery) window.django.jQuery(document).on("change select2:select", soon);
  });
})();
