/** Elements, made in one expression. Text is always text: nothing a machine says becomes markup. */

type Child = Node | string;
type Attributes = Readonly<Record<string, string>>;

export function element<T extends keyof HTMLElementTagNameMap>(
  tag: T,
  attributes: Attributes,
  ...children: Child[]
): HTMLElementTagNameMap[T] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export function button(label: Child, attributes: Attributes, press: () => void): HTMLButtonElement {
  const made = element("button", { type: "button", ...attributes }, label);
  made.addEventListener("click", press);
  return made;
}

export function svg<T extends keyof SVGElementTagNameMap>(tag: T, attributes: Attributes, ...children: Node[]): SVGElementTagNameMap[T] {
  const made = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

/** Changes a text only where it differs, so that screen readers and selections are not disturbed. */
export function setText(where: Element, text: string): void {
  if (where.textContent !== text) where.textContent = text;
}

export function setAttribute(where: Element, name: string, value: string): void {
  if (where.getAttribute(name) !== value) where.setAttribute(name, value);
}

/** A choice of words for values. `choose` hears what a person has chosen, never what was set. */
export function select(
  options: readonly (readonly [value: string, label: string])[],
  attributes: Attributes,
  choose: (value: string) => void,
): HTMLSelectElement {
  const made = element("select", attributes, ...options.map(([value, label]) => element("option", { value }, label)));
  made.addEventListener("change", () => choose(made.value));
  return made;
}
