/* The unit picker: what is ticked among the found moves to the chosen. Searching itself is htmx's. */
document.addEventListener("DOMContentLoaded", function () {
  "use strict";

  function enhance(picker) {
    const chosen = picker.querySelector("[data-chosen]");
    const found = picker.querySelector("[data-found]");
    const box = picker.querySelector("input[type=search]");
    const button = picker.querySelector("button[name=find]");
    // The box searches by itself; left in place, the button would be what Enter presses in any field.
    if (button) { button.remove(); }

    function take(input) {
      const line = input.closest("li");
      const next = line.nextElementSibling || line.previousElementSibling;
      if (!picker.hasAttribute("data-several")) {
        chosen.textContent = "";
        found.textContent = "";
      }
      chosen.appendChild(line);
      box.value = ""; // words left in the box would be asked about when the form is saved
      const to = picker.hasAttribute("data-several") && next && next.querySelector("input");
      (to || box).focus();
    }

    picker.addEventListener("change", function (event) {
      if (event.target.checked && found.contains(event.target)) { take(event.target); }
    });
    // Enter takes the only one that was found; it never sends the form.
    box.addEventListener("keydown", function (event) {
      if (event.key !== "Enter" || event.isComposing) { return; }
      event.preventDefault();
      const inputs = found.querySelectorAll("input");
      if (inputs.length === 1) {
        inputs[0].checked = true;
        take(inputs[0]);
      }
    });
  }

  document.querySelectorAll("[data-picker]").forEach(enhance);
});
