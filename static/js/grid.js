/* The second pass: own marks as a grid. Saving is autosave.js, one form a row.

   table[data-grid]    data-combine="sum" or "weighted"; inputs with data-max, optional data-weight
   [data-row-total]    the total of a row, only when every mark is there
   [data-row-send]     the row's hand-in, shown then
   Arrow keys and Enter go from cell to cell; a block copied from a spreadsheet is pasted cell by cell. */
document.addEventListener("DOMContentLoaded", function () {
  "use strict";
  const table = document.querySelector("[data-grid]");
  if (!table) { return; }
  const rows = Array.from(table.tBodies[0].rows).map(function (row) {
    return Array.from(row.querySelectorAll("input[data-max]"));
  }).filter(function (boxes) { return boxes.length; });

  function refresh(boxes) {
    let whole = 0; // in units of 1/20000: marks are halves, weights have at most four places
    let complete = true;
    boxes.forEach(function (box) {
      const mark = markOf(box);
      const wrong = box.value.trim() !== "" && mark === null;
      box.classList.toggle("is-invalid", wrong);
      box.setAttribute("aria-invalid", String(wrong));
      box.title = wrong ? "请填0—" + box.dataset.max + "，可带0.5" : "";
      complete = complete && mark !== null;
      whole += mark * 2 * Math.round(Number(box.dataset.weight || 1) * 10000);
    });
    const row = boxes[0].closest("tr");
    row.querySelector("[data-row-total]").textContent = complete ? String(whole / 20000) : "—";
    row.querySelector("[data-row-send]").hidden = !complete;
  }

  function at(box) {
    const row = rows.findIndex(function (boxes) { return boxes.indexOf(box) >= 0; });
    return row < 0 ? null : { row: row, column: rows[row].indexOf(box) };
  }

  table.addEventListener("input", function (event) {
    const place = at(event.target);
    if (place) { refresh(rows[place.row]); }
  });

  table.addEventListener("focusin", function (event) { if (at(event.target)) { event.target.select(); } });

  table.addEventListener("keydown", function (event) {
    const place = at(event.target);
    if (!place || event.isComposing || event.ctrlKey || event.altKey || event.metaKey) { return; }
    const box = event.target;
    const edge = { ArrowLeft: box.selectionStart === 0, ArrowRight: box.selectionEnd === box.value.length };
    const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
    const step = steps[event.key];
    if (!step || edge[event.key] === false) { return; }
    event.preventDefault(); // Enter must never hand a sheet in
    const next = (rows[place.row + step[0]] || [])[place.column + step[1]];
    if (next) { next.focus(); }
  });

  table.addEventListener("paste", function (event) {
    const place = at(event.target);
    const text = event.clipboardData.getData("text").replace(/\r\n?/g, "\n").replace(/\n$/, "");
    if (!place || !/[\t\n]/.test(text)) { return; }
    event.preventDefault();
    text.split("\n").forEach(function (line, down) {
      line.split("\t").forEach(function (value, right) {
        const box = (rows[place.row + down] || [])[place.column + right];
        if (!box) { return; }
        box.value = value.trim();
        box.dispatchEvent(new Event("input", { bubbles: true }));
      });
    });
  });

  rows.forEach(refresh);
});
