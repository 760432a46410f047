/* Loaded without defer: marks the page as scripted and sets 大字版 before the first paint. */
(function () {
  "use strict";
  const root = document.documentElement;
  const KEY = "bigType";

  function remembered() {
    try {
      return localStorage.getItem(KEY) === "1";
    } catch (error) {
      return false; // storage is switched off: the choice lasts for this page
    }
  }

  function remember(on) {
    try {
      localStorage.setItem(KEY, on ? "1" : "0");
    } catch (error) {
      /* as above */
    }
  }

  root.classList.add("js");
  root.classList.toggle("big", remembered());

  function bigTypeButton(button) {
    function show() {
      const on = root.classList.contains("big");
      button.setAttribute("aria-pressed", String(on));
      button.textContent = on ? "标准字号" : "大字版";
    }
    button.addEventListener("click", function () {
      remember(root.classList.toggle("big"));
      show();
    });
    show();
  }

  function foldOnPhone() {
    if (window.matchMedia("(max-width: 767.98px)").matches) {
      document.querySelectorAll("details[data-fold-phone]").forEach(function (part) { part.open = false; });
    }
  }

  // A menu closes like every menu: by Escape and by a click elsewhere.
  function closingMenu(menu) {
    document.addEventListener("click", function (event) {
      if (!menu.contains(event.target)) { menu.open = false; }
    });
    menu.addEventListener("keydown", function (event) {
      if (event.key === "Escape" && menu.open) {
        menu.open = false;
        menu.querySelector("summary").focus();
      }
    });
  }

  // A link into a closed <details> opens it, so that a gap list can jump anywhere.
  function openTarget() {
    const name = decodeURIComponent(location.hash.slice(1));
    const target = name && document.getElementById(name);
    for (let at = target; at; at = at.parentElement) {
      if (at.tagName === "DETAILS") { at.open = true; }
    }
    if (target) {
      target.scrollIntoView();
      if (target.matches("input, select, textarea")) { target.focus(); }
    }
  }

  document.addEventListener("DOMContentLoaded", function () {
    foldOnPhone();
    document.querySelectorAll("[data-big]").forEach(bigTypeButton);
    document.querySelectorAll(".user-menu").forEach(closingMenu);
    // A table of eight columns or more turns the paper.
    document.body.classList.toggle("across", document.querySelector(".data > thead > tr > :nth-child(8)") !== null);
    document.querySelectorAll("[data-print]").forEach(function (button) {
      button.addEventListener("click", function () { window.print(); });
    });
    // A select that is a whole form (the year of a page) goes there at once.
    document.querySelectorAll("select[data-go]").forEach(function (select) {
      select.addEventListener("change", function () { select.form.submit(); });
    });
    window.addEventListener("hashchange", openTarget);
    openTarget();
  });
})();
