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

/**
 * A button; `key` names it, so that it keeps the focus when it is made anew. Where no button has that key any more, the
 * focus goes to the one whose key is in `data-or`. It does nothing while it is `aria-disabled`, and keeps the focus then.
 */
export function button(
  label: string,
  key: string,
  onClick: (event: MouseEvent) => void,
  attributes: Readonly<Record<string, string>> = {},
): HTMLButtonElement {
  const element = h('button', { type: 'button', 'data-key': key, ...attributes }, label);
  element.addEventListener('click', (event) => {
    if (element.ariaDisabled === 'true') return;
    letGo();
    onClick(event);
  });
  return element;
}

/**
 * Replaces what is in an element, unless it is the same, or somebody has selected a text of it. Where the focus was in it,
 * it goes to what has the same key now, or to what stands in for that, or to the element itself.
 */
export function show(container: HTMLElement, ...children: readonly Child[]): void {
  const fresh = container.cloneNode(false);
  if (!(fresh instanceof HTMLElement)) return;
  fresh.append(...nodesOf(children));
  if (container.isEqualNode(fresh) || holdsSelection(container)) return;
  const focused = document.activeElement;
  const hadFocus = focused instanceof HTMLElement && focused !== container && container.contains(focused);
  container.replaceChildren(...fresh.childNodes);
  if (!hadFocus) return;
  const { key, or } = focused.dataset;
  const next = keyed(container, key) ?? keyed(container, or) ?? container;
  next.focus({ preventScroll: true });
}

/** Gives up the selection of a text: what somebody does goes before what they marked. */
export function letGo(): void {
  const selection = document.getSelection();
  if (selection?.isCollapsed === false) selection.removeAllRanges();
}

function holdsSelection(container: HTMLElement): boolean {
  const selection = document.getSelection();
  return selection !== null && !selection.isCollapsed && selection.containsNode(container, true);
}

function keyed(container: HTMLElement, key: string | undefined): HTMLElement | undefined {
  if (key === undefined) return undefined;
  const all = [...container.querySelectorAll<HTMLElement>('[data-key]')];
  return all.find(({ dataset }) => dataset['key'] === key);
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
