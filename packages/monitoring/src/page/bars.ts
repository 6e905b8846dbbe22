import { visible } from '@groundcrew/ground';
import { html, type Markup } from '@groundcrew/ground/html';

/** One bar: what it is of, how long it is, and what stands behind it. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly said: string;
}

/** A part of a bar that is a whole: its share, from 0 to 1, and the class that colours it. */
export interface Part {
  readonly share: number;
  readonly kind: 'pass' | 'fail' | 'unknown' | 'exempt';
}

/** Units of the drawing, which grows to the room that there is. */
const WIDTH = 720;
const NAME = 300;
const LINE = 22;
const FULL = WIDTH - NAME - 110;

/**
 * Bars below each other, as SVG with presentation attributes and classes only: a page's policy forbids any other style. For who
 * does not see it, each bar has its name and its figure as text.
 *
 * @param full - the value of the longest bar that can be
 */
export function bars(title: string, all: readonly Bar[], full: number): Markup {
  const lines = all.map(({ name, value, said }, index) => {
    const shown = shortened(visible(name));
    const length = full > 0 ? Math.min(Math.max(value / full, 0), 1) * FULL : 0;
    return html`<g transform="translate(0 ${index * LINE})">
      <text class="name" x="${NAME - 8}" y="15" text-anchor="end">${shown}</text>
      <rect class="bar" x="${NAME}" y="3" width="${rounded(length)}" height="16" />
      <text x="${rounded(NAME + length + 6)}" y="15">${said}</text>
    </g>`;
  });
  return html`<svg
    class="chart"
    viewBox="0 0 ${WIDTH} ${Math.max(all.length, 1) * LINE}"
    role="img"
    aria-label="${title}"
  >
    ${lines}
  </svg>`;
}

/** Parts beside each other that together are one bar. */
export function stacked(title: string, parts: readonly Part[]): Markup {
  let from = 0;
  const drawn = parts.map(({ share, kind }) => {
    const x = from;
    from += share;
    return share > 0
      ? html`<rect
          class="${kind}"
          x="${rounded(x * 200)}"
          y="0"
          width="${rounded(share * 200)}"
          height="14"
        />`
      : '';
  });
  return html`<svg class="stacked" viewBox="0 0 200 14" role="img" aria-label="${title}">${drawn}</svg>`;
}

const rounded = (value: number): number => Math.round(value * 100) / 100;

/** A name longer than its place loses its middle: the ends of hosts' and pools' names tell them apart. */
const shortened = (name: string): string => {
  const characters = Array.from(name);
  return characters.length <= LONGEST
    ? name
    : `${characters.slice(0, LONGEST / 2).join('')}…${characters.slice(1 - LONGEST / 2).join('')}`;
};
const LONGEST = 44;
