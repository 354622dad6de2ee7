// Drawing on the canvas with mouse, finger or pen, and with the keyboard.

import { onPaper, PAD } from "./drawing.mjs";

const STEP = 10; // pixels of the canvas that a key moves the cursor
const SMALL_STEP = 2; // with Shift
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

/** Calls `begin`, `go` and `end` with points while a pointer draws. */
export function listenToPointers(canvas, { begin, go, end }) {
  let pointer = null;
  const finish = (event) => {
    if (event.pointerId !== pointer) return;
    pointer = null;
    end();
  };
  canvas.addEventListener("pointerdown", (event) => {
    if (pointer !== null || event.button !== 0) return;
    pointer = event.pointerId;
    canvas.setPointerCapture(pointer);
    begin(placeOf(event, canvas));
  });
  canvas.addEventListener("pointermove", (event) => {
    if (event.pointerId !== pointer) return;
    const moves = event.getCoalescedEvents?.() ?? [];
    for (const move of moves.length ? moves : [event]) go(placeOf(move, canvas));
  });
  canvas.addEventListener("pointerup", finish);
  canvas.addEventListener("pointercancel", finish);
}

function placeOf(event, canvas) {
  const box = canvas.getBoundingClientRect();
  const [x, y] = [event.clientX - box.left, event.clientY - box.top];
  return onPaper([(x * PAD) / box.width, (y * PAD) / box.height]);
}

/** Moves a cursor by the arrow keys; the space bar puts the pen down and lifts it. */
export function listenToKeys(canvas, cursor, { begin, go, end, say }) {
  let [at, down] = [[PAD / 2, PAD / 2], false];
  const press = (pressed) => {
    if (pressed !== down) (pressed ? begin : end)(at);
    down = pressed;
    showCursor(cursor, at, down);
  };
  canvas.addEventListener("keydown", (event) => {
    const way = ARROWS[event.key];
    const pen = event.key === " " || event.key === "Enter";
    if (event.ctrlKey || event.metaKey || event.altKey || !(way || pen)) return;
    event.preventDefault();
    if (pen) {
      press(!down);
      say(down ? "Pen down" : "Pen up");
      return;
    }
    const step = event.shiftKey ? SMALL_STEP : STEP;
    at = onPaper(at.map((place, axis) => place + way[axis] * step));
    if (down) go(at);
    showCursor(cursor, at, down);
  });
  canvas.addEventListener("blur", () => press(false));
}

function showCursor(cursor, [x, y], down) {
  cursor.style.left = `${(100 * x) / PAD}%`;
  cursor.style.top = `${(100 * y) / PAD}%`;
  cursor.classList.toggle("down", down);
}
