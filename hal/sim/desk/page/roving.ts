/** A row of controls with one stop of the Tab key: the arrow keys go on inside of it, and it is entered where it was left. */

const FORWARD = new Set(["ArrowRight", "ArrowDown"]);
const BACK = new Set(["ArrowLeft", "ArrowUp"]);

export function rove(root: HTMLElement, controls: readonly HTMLElement[]): void {
  const makeStop = (stop: HTMLElement | undefined) => {
    for (const control of controls) control.tabIndex = control === stop ? 0 : -1;
  };
  makeStop(controls[0]);
  root.addEventListener("focusin", ({ target }) => {
    const entered = controls.find((control) => control === target);
    if (entered !== undefined) makeStop(entered);
  });
  root.addEventListener("keydown", (event) => {
    const at = event.target instanceof HTMLElement ? controls.indexOf(event.target) : -1;
    const next = at < 0 ? undefined : stepFrom(controls, at, event.key);
    if (next === undefined) return;
    event.preventDefault();
    next.focus();
  });
}

function stepFrom(controls: readonly HTMLElement[], at: number, key: string): HTMLElement | undefined {
  if (key === "Home") return controls[0];
  if (key === "End") return controls.at(-1);
  const by = FORWARD.has(key) ? 1 : BACK.has(key) ? -1 : 0;
  return by === 0 ? undefined : controls[(at + by + controls.length) % controls.length];
}
