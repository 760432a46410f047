/* Register lists: tick all, count the ticked rows, colour them. The form works without it. */
document.addEventListener("DOMContentLoaded", function () {
  "use strict";
  document.querySelectorAll("[data-bulk]").forEach(function (form) {
    const all = form.querySelector("[data-pick-all]");
    const count = form.querySelector("[data-picked]");
    const boxes = Array.from(form.querySelectorAll("tbody input[type=checkbox]"));

    function show() {
      const ticked = boxes.filter(function (box) { return box.checked; }).length;
      boxes.forEach(function (box) { box.closest("tr").classList.toggle("picked", box.checked); });
      if (count) { count.textContent = ticked; }
      if (all) {
        all.checked = boxes.length > 0 && ticked === boxes.length;
        all.indeterminate = ticked > 0 && ticked < boxes.length;
      }
    }

    if (all) {
      all.addEventListener("change", function () {
        boxes.forEach(function (box) { box.checked = all.checked; });
        show();
      });
    }
    form.addEventListener("change", show);
    window.addEventListener("pageshow", show);
    show();
  });
});
