/**
 * A render that waits while a pointer is down: a click that begins on one element and ends on another is none. What was
 * asked for in the meantime is rendered once, after the click.
 */
export function createUnhurried(render: () => void): () => void {
  let isHeld = false;
  let isDue = false;
  const release = (): void => {
    isHeld = false;
    setTimeout(() => {
      if (!isDue || isHeld) return;
      isDue = false;
      render();
    });
  };
  const hold = ({ button }: PointerEvent): void => {
    isHeld = button === 0;
  };
  document.addEventListener('pointerdown', hold, true);
  for (const name of ['pointerup', 'pointercancel', 'contextmenu'])
    document.addEventListener(name, release, true);
  // Where the end was lost: to a list that the browser opened, or to another window.
  document.addEventListener('pointermove', ({ buttons }) => {
    if (isHeld && buttons === 0) release();
  });
  window.addEventListener('blur', release);
  return () => {
    if (isHeld) isDue = true;
    else render();
  };
}
