/** The element of `index.html` that a hook such as `[data-title]` names; throws where the page lacks it. */
export const find = <E extends Element = HTMLElement>(selector: string, within: ParentNode = document): E => {
  const element = within.querySelector<E>(selector)
  if (element === null) throw new Error(`The page has no element ${selector}.`)
  return element
}

/** Sets text, and leaves the document alone where it stands already. Text is never read as HTML. */
export const setText = (element: Element, text: string): void => {
  if (element.textContent !== text) element.textContent = text
}

/** A new element with a class and text. */
export const make = <Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className = '',
  text = '',
): HTMLElementTagNameMap[Tag] => {
  const element = document.createElement(tag)
  if (className !== '') element.className = className
  element.textContent = text
  return element
}
