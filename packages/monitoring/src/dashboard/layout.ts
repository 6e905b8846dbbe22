import type { GrafanaPanel, GrafanaRow } from './grafana-model.ts';
import type { Unplaced } from './panels.ts';

/** Panels under one heading. */
export interface Section {
  readonly title: string;
  readonly panels: readonly Unplaced[];
}

/** Two beside each other in a grid that is 24 wide. */
const WIDTH = 12;
const HEIGHT = 8;

/** Gives each panel its place and its number: two beside each other under the heading of their section. */
export function placed(sections: readonly Section[]): readonly (GrafanaRow | GrafanaPanel)[] {
  const all: (GrafanaRow | GrafanaPanel)[] = [];
  let y = 0;
  for (const { title, panels } of sections) {
    all.push({
      id: all.length + 1,
      type: 'row',
      title,
      collapsed: false,
      gridPos: { x: 0, y, w: 2 * WIDTH, h: 1 },
      panels: [],
    });
    y += 1;
    panels.forEach((panel, index) => {
      const place = { x: (index % 2) * WIDTH, y: y + Math.floor(index / 2) * HEIGHT, w: WIDTH, h: HEIGHT };
      all.push({ id: all.length + 1, gridPos: place, ...panel });
    });
    y += Math.ceil(panels.length / 2) * HEIGHT;
  }
  return all;
}
