// Elements of the page, and numbers as they are written in it.

export const byId = (id) => document.getElementById(id);

/** A new element with a class, some text, and what is inside. */
export function element(name, className = "", text = "", ...inside) {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.append(...(text ? [text] : []), ...inside);
  return made;
}

export const decimal = (x, digits = 2) => x.toFixed(digits).replace(/^-(?=.*[1-9])/, "−").replace(/^-/, "");

/** A share in percent, never rounded to all. */
export const percent = (share) => `${Math.min(100 * share, 99.9).toFixed(1)} %`;

/**
 * Makes a group of buttons one stop of the Tab key: the arrow keys go from one to the next.
 * `focus` is called with the number of the one that is pointed at, or has the focus.
 */
export function rove(group, buttons, focus) {
  const at = (target) => buttons.indexOf(target.closest("button")); // -1: between them
  buttons.forEach((button, number) => (button.tabIndex = number ? -1 : 0));
  group.addEventListener("focusin", (event) => {
    const number = at(event.target);
    buttons.forEach((button, other) => (button.tabIndex = other === number ? 0 : -1));
    focus(number);
  });
  group.addEventListener("click", (event) => at(event.target) >= 0 && focus(at(event.target)));
  group.addEventListener("pointerover", (event) => {
    const number = at(event.target);
    if (number >= 0 && event.pointerType !== "touch") focus(number);
  });
  group.addEventListener("keydown", (event) => {
    const across = columnsOf(buttons);
    const steps = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: across, ArrowUp: -across };
    const next = buttons[at(event.target) + steps[event.key]];
    if (!(event.key in steps)) return;
    event.preventDefault();
    next?.focus();
  });
}

/** How many of some elements stand in the first row. */
function columnsOf(elements) {
  const top = elements[0].offsetTop;
  const below = elements.findIndex((one) => one.offsetTop > top + 4);
  return below < 0 ? elements.length : below;
}
