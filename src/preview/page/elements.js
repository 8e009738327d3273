// Makes elements. All text goes in as text, never as markup.

// `attributes` may have `text`, and functions for events named `onclick` and so on.
export function make(tag, attributes = {}, children = []) {
  return fill(document.createElement(tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "text") element.textContent = value;
    else if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

// A drawing of 24 by 24 units from one path.
export function makeIcon(path) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const line = document.createElementNS("http://www.w3.org/2000/svg", "path");
  line.setAttribute("d", path);
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.append(line);
  return svg;
}

// A button pressed by pointer gives the keyboard back: space is play again.
export function releaseAfterPointer(event) {
  if (event.detail > 0) event.currentTarget.blur();
}
