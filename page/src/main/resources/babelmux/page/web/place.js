// Sets custom properties of an element. Style attributes are not allowed by the page's policy, this is.
import { directive, Directive, PartType } from './lib/directive.js';
import { noChange } from './lib/lit-html.js';

class Place extends Directive {
  constructor(info) {
    super(info);
    if (info.type !== PartType.ELEMENT) throw new Error('place: for elements');
    this.set = {};
  }

  update(part, [properties]) {
    for (const [name, value] of Object.entries(properties)) {
      if (this.set[name] !== value) {
        this.set[name] = value;
        part.element.style.setProperty(`--${name}`, String(value));
      }
    }
    return noChange;
  }
}

/** `<div ${place({at: 3})}>` sets `--at: 3`. */
export const place = directive(Place);
