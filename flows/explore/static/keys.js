// Everything works without this: it adds three keys, and moves the focus to an explanation that a link leads to.
"use strict";

function typing(element) {
  return element.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(element.tagName);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "/") {
    const field = document.querySelector("input[type=search]");
    if (field) {
      event.preventDefault();
      field.focus();
      field.select();
    } else {
      location.href = "/";
    }
  } else if (event.key === "j" || event.key === "k") {
    const stops = [...document.querySelectorAll("[data-stop]")];
    const here = stops.findIndex((stop) => stop === document.activeElement || stop.contains(document.activeElement));
    const next = stops[event.key === "j" ? here + 1 : (here < 0 ? stops.length : here) - 1];
    if (next) (next.matches("a") ? next : next.querySelector("blockquote a") || next).focus();
  }
});

if (location.hash === "#explained") {
  const explained = document.getElementById("explained");
  if (explained) explained.focus({ preventScroll: true });
}
