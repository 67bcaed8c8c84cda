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
    const here = document.activeElement;
    const other = [...document.querySelectorAll("[data-stop]")].filter((stop) => !stop.contains(here));
    const isBehind = (stop) => here.compareDocumentPosition(stop) & Node.DOCUMENT_POSITION_FOLLOWING;
    const next = event.key === "j" ? other.find(isBehind) : other.filter((stop) => !isBehind(stop)).pop();
    if (next) (next.matches("a") ? next : next.querySelector("blockquote a") || next).focus();
  }
});

if (location.hash === "#explained") {
  const explained = document.getElementById("explained");
  if (explained) explained.focus({ preventScroll: true });
}
