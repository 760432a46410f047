/* Score sheet: the focused criterion opens its anchors and points at its part of the entry; keys do the rest.

   form[data-review]         data-combine="sum" or "weighted"
   .criterion[data-target]   one input with data-max, optional data-weight; li[data-from] are the levels
   [data-marked]             已评2/5          [data-total]   the total, only when every criterion is marked
   [data-key="s"]            is clicked by that key; data-key="ctrl+enter" works in text boxes as well
   [data-keycard]            <details> that ? opens          [data-find]   the search box that / goes to
   [data-panes], [data-pane] on a phone the entry and the sheet are two tabs
   svg path.here             moves along its scale with the mark */
document.addEventListener("DOMContentLoaded", function () {
  "use strict";

  // A mark as the server reads it; null for what is none. Full-width digits and 。 come from Chinese keyboards.
  function markOf(box) {
    const text = box.value.replace(/[\s\u200b-\u200f\u202a-\u202e\u2060-\u2064]/g, "")
      .replace(/[\uff10-\uff19]/g, function (wide) { return String(wide.charCodeAt(0) - 0xff10); })
      .replace(/[\u3002\uff0e]/g, ".");
    if (!/^\d+(\.\d+)?$/.test(text)) { return null; }
    const mark = Number(text);
    return mark <= Number(box.dataset.max) && Number.isInteger(mark * 2) ? mark : null;
  }
  window.markOf = markOf;

  function typing() {
    const at = document.activeElement;
    return at && (/^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName) || at.isContentEditable);
  }

  const find = document.querySelector("[data-find]");
  document.addEventListener("keydown", function (event) {
    if (event.key !== "/" || !find || typing() || event.ctrlKey || event.altKey || event.metaKey) { return; }
    event.preventDefault();
    find.focus();
    find.select();
  });

  const sheet = document.querySelector("[data-review]");
  if (!sheet) { return; }
  const criteria = Array.from(sheet.querySelectorAll(".criterion[data-target]"));
  const boxes = criteria.map(function (criterion) { return criterion.querySelector("input"); });
  let current = 0;

  function show(criterion) {
    current = criteria.indexOf(criterion);
    criteria.forEach(function (one) {
      const now = one === criterion;
      const part = document.getElementById(one.dataset.target);
      one.classList.toggle("is-now", now);
      if (part) { part.classList.toggle("is-linked", now); }
    });
  }

  function open(criterion) {
    show(criterion);
    const target = document.getElementById(criterion.dataset.target);
    const wide = window.matchMedia("(min-width: 992px)").matches;
    if (target && wide) { target.scrollIntoView({ block: "nearest" }); }
  }

  // The places of awards/review/scale.py: 差 is compressed, most marks lie in the upper bands.
  const KNOTS = [[0, 4], [0.6, 24.5], [0.8, 68], [0.9, 100], [1, 132]];

  function point(criterion, box) {
    const here = criterion.querySelector("svg .here");
    const mark = markOf(box);
    if (!here) { return; }
    if (mark === null) {
      here.setAttribute("visibility", "hidden");
      return;
    }
    const share = mark / Number(box.dataset.max);
    const end = Math.max(1, KNOTS.findIndex(function (knot) { return share <= knot[0]; }));
    const low = KNOTS[end - 1];
    const high = KNOTS[end];
    const x = low[1] + (share - low[0]) / (high[0] - low[0]) * (high[1] - low[1]);
    here.setAttribute("transform", "translate(" + x.toFixed(1) + " 0)");
    here.removeAttribute("visibility");
  }

  function level(criterion, box) {
    const levels = Array.from(criterion.querySelectorAll("[data-from]"));
    const mark = markOf(box);
    const hit = levels.find(function (one) { return mark !== null && mark >= Number(one.dataset.from); });
    levels.forEach(function (one) { one.classList.toggle("hit", one === hit); });
  }

  function check(box) {
    const wrong = box.value.trim() !== "" && markOf(box) === null;
    box.classList.toggle("is-invalid", wrong);
    box.setAttribute("aria-invalid", String(wrong));
    box.setCustomValidity(wrong ? "请填0—" + box.dataset.max + "，可带0.5" : "");
    box.title = box.validationMessage;
  }

  // Exact: marks are halves, weights have at most four places; whole numbers lose nothing.
  function total() {
    const weighted = sheet.dataset.combine === "weighted";
    const whole = boxes.reduce(function (sum, box) {
      const weight = weighted ? Math.round(Number(box.dataset.weight) * 10000) : 10000;
      return sum + markOf(box) * 2 * weight;
    }, 0);
    return String(whole / 20000);
  }

  // No total before all criteria are marked: it would steer towards a number.
  function sum() {
    const marked = boxes.filter(function (box) { return markOf(box) !== null; }).length;
    const counter = sheet.querySelector("[data-marked]");
    const line = sheet.querySelector("[data-total]");
    const complete = marked === boxes.length;
    if (counter) { counter.textContent = "已评" + marked + "/" + boxes.length; }
    if (line) { line.textContent = complete ? "总分" + total() : "评完显示总分"; }
  }

  criteria.forEach(function (criterion, at) {
    const box = boxes[at];
    box.addEventListener("input", function () {
      level(criterion, box);
      point(criterion, box);
      check(box);
      sum();
    });
    box.addEventListener("focus", function () {
      open(criterion);
      box.select();
    });
    box.addEventListener("keydown", function (event) {
      const forward = event.key === "ArrowDown" || (event.key === "Enter" && !event.ctrlKey);
      const step = event.key === "ArrowUp" ? -1 : forward ? 1 : 0;
      if (event.key === "Escape") { box.blur(); }
      if (!step || event.isComposing) { return; }
      event.preventDefault(); // Enter must never send the sheet
      const next = boxes[at + step];
      if (next) { next.focus(); }
    });
    level(criterion, box);
    check(box);
  });
  sum();

  // The first open criterion is the current one: a digit goes there without a click.
  const firstOpen = boxes.findIndex(function (box) { return box.value.trim() === ""; });
  if (firstOpen > 0) { show(criteria[firstOpen]); }

  // A hand-in waits for the save under way, or the server would see two tabs where there is one.
  let answered = false;
  document.addEventListener("submit", function (event) {
    const line = sheet.querySelector("[data-save-line]");
    if (event.target !== sheet || answered || !line || line.dataset.state !== "saving") { return; }
    const button = event.submitter;
    event.preventDefault();
    sheet.addEventListener("autosave", function (answer) {
      if (answer.detail.state !== "saved") { return; }
      answered = true; // what was typed since goes with the hand-in itself
      sheet.requestSubmit(button || undefined);
      answered = false;
    }, { once: true });
  }, true);

  // On a phone one of the two at a time; on a wide screen the theme shows both.
  const panes = document.querySelector("[data-panes]");
  const tabs = Array.from(document.querySelectorAll("[data-pane]"));
  function turn(name) {
    panes.dataset.panes = name;
    tabs.forEach(function (tab) {
      if (tab.dataset.pane === name) { tab.setAttribute("aria-current", "true"); }
      else { tab.removeAttribute("aria-current"); }
    });
  }
  if (panes && tabs.length) {
    tabs.forEach(function (tab) {
      tab.addEventListener("click", function (event) {
        event.preventDefault();
        turn(tab.dataset.pane);
      });
    });
    turn(document.querySelector(".note .todo-list") ? "sheet" : "entry");
  }

  function press(key) {
    const target = document.querySelector('[data-key="' + key + '"]');
    if (target) { target.click(); }
    return Boolean(target);
  }

  document.addEventListener("keydown", function (event) {
    if (event.isComposing || event.altKey || event.metaKey) { return; }
    if (event.ctrlKey) {
      if (event.key === "Enter" && press("ctrl+enter")) { event.preventDefault(); }
      return;
    }
    if (typing()) { return; }
    const card = document.querySelector("[data-keycard]");
    if (event.key === "Escape" && card) {
      card.open = false;
    } else if (event.key === "?" && card) {
      card.open = !card.open;
      event.preventDefault();
    } else if (/^[0-9]$/.test(event.key) && boxes[current]) {
      boxes[current].focus(); // the digit itself arrives in the box, which focus has selected
    } else if (/^[a-z]$/i.test(event.key) && press(event.key.toLowerCase())) {
      event.preventDefault();
    }
  });
});
