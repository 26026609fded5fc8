/** What goes into an element. Texts become text, never markup: everything from the store is hostile. */
export type Child = Node | string | number | null;

/** Makes an element. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Readonly<Record<string, string>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...nodesOf(children));
  return element;
}

/** Makes an element of a drawing. */
export function svg(
  tag: keyof SVGElementTagNameMap,
  attributes: Readonly<Record<string, string | number>>,
  ...children: readonly Node[]
): SVGElement {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** A button; `key` names it, so that it keeps the focus when it is made anew. */
export function button(
  label: string,
  key: string,
  onClick: () => void,
  attributes: Readonly<Record<string, string>> = {},
): HTMLButtonElement {
  const element = h('button', { type: 'button', 'data-key': key, ...attributes }, label);
  element.addEventListener('click', onClick);
  return element;
}

/** Replaces what is in an element. Where the focus was in it, it goes to what has the same key now. */
export function show(container: Element, ...children: readonly Child[]): void {
  const focused = document.activeElement;
  const key =
    focused instanceof HTMLElement && container.contains(focused) ? focused.dataset['key'] : undefined;
  container.replaceChildren(...nodesOf(children));
  if (key === undefined) return;
  for (const element of container.querySelectorAll<HTMLElement>('[data-key]'))
    if (element.dataset['key'] === key) element.focus({ preventScroll: true });
}

/** The element of the page that has this id. @throws when the page has none of this kind. */
export function part<T extends Element>(id: string, kind: new () => T): T {
  const element = document.getElementById(id);
  if (element instanceof kind) return element;
  throw new Error(`the page has no ${kind.name} with the id ${id}`);
}

function nodesOf(children: readonly Child[]): readonly (Node | string)[] {
  return children.flatMap((child) =>
    child === null ? [] : [typeof child === 'number' ? child.toLocaleString('en') : child],
  );
}
