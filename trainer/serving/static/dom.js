// Elements that a page counts on. What is missing or of another kind is a fault of ours, found at once and by name.

/**
 * The element of that id.
 * @template {Element} E
 * @param {string} id
 * @param {new () => E} kind such as HTMLInputElement
 * @returns {E}
 */
export function byId(id, kind) {
  return checked(document.getElementById(id), kind, `#${id}`);
}

/**
 * The first element that a selector finds.
 * @template {Element} E
 * @param {ParentNode} parent
 * @param {string} selector
 * @param {new () => E} kind
 * @returns {E}
 */
export function first(parent, selector, kind) {
  return checked(parent.querySelector(selector), kind, selector);
}

/**
 * All elements of that kind that a selector finds.
 * @template {Element} E
 * @param {ParentNode} parent
 * @param {string} selector
 * @param {new () => E} kind
 * @returns {E[]}
 */
export function all(parent, selector, kind) {
  return [...parent.querySelectorAll(selector)].map((one) => checked(one, kind, selector));
}

/**
 * The element that an event happened at, or null when it was none (the document itself, a text).
 * @param {Event} event
 * @returns {Element | null}
 */
export function targetOf(event) {
  return event.target instanceof Element ? event.target : null;
}

/**
 * The drawing context of a canvas.
 * @param {HTMLCanvasElement} canvas
 * @param {CanvasRenderingContext2DSettings} [settings]
 * @returns {CanvasRenderingContext2D}
 */
export function penOf(canvas, settings) {
  const pen = canvas.getContext("2d", settings);
  if (!pen) throw new Error("Expected a canvas to draw on, got none: this browser cannot draw.");
  return pen;
}

/**
 * @template {Element} E
 * @param {Element | null} found
 * @param {new () => E} kind
 * @param {string} name
 * @returns {E}
 */
function checked(found, kind, name) {
  if (found instanceof kind) return found;
  throw new Error(`Expected ${kind.name} ${name} in the page, got ${found?.constructor.name ?? "none"}.`);
}
