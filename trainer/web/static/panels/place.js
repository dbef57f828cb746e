// Where the camera goes: the drawing from above and from the front, in the lesson and in the set-up.
import { all } from "../dom.js";
import { t } from "../messages.js";

/** The two halves of the drawing, by what they show. @type {Record<string, string>} */
const VIEWS = { place_above: "0,20,480,388", place_front: "480,20,480,388" };

export class PlaceDrawings {
  /** @param {import("../state.js").Page} page */
  constructor({ state }) {
    this.places = all(document, ".place", HTMLElement);
    for (const place of this.places) place.replaceChildren(...Object.keys(VIEWS).map((name) => this.view(name)));
    state.addEventListener("words", () => this.label());
    this.label();
  }

  /** @param {string} name */
  view(name) {
    const figure = document.createElement("figure");
    figure.dataset.view = name;
    figure.append(
      Object.assign(document.createElement("img"), { src: `/static/camera-place.svg#svgView(viewBox(${VIEWS[name]}))`, width: 480, height: 388, alt: "" }),
      document.createElement("figcaption"),
    );
    return figure;
  }

  label() {
    for (const place of this.places) {
      for (const figure of all(place, "figure", HTMLElement)) {
        for (const caption of all(figure, "figcaption", HTMLElement)) caption.textContent = t(figure.dataset.view ?? "");
      }
    }
  }
}
