import { randomUUID } from 'node:crypto';

/** The name and the description that a drill gives its project, and that nobody else would write by chance. */
export interface DrillMark {
  readonly name: string;
  readonly description: string;
}

const NAME = /^groundcrew-drill-[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/u;
const DESCRIPTION =
  /^A drill of groundcrew, begun at (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z), of recovery point \S/u;

export function drillMark(point: string, begun: number): DrillMark {
  return {
    name: `groundcrew-drill-${randomUUID()}`,
    description: `A drill of groundcrew, begun at ${new Date(begun).toISOString()}, of recovery point ${point}`,
  };
}

/**
 * When the drill began that made a project; `undefined` if no drill did. A name alone is no mark: whoever may make projects may
 * call one so, and what is told to be a drill's is deleted with all that is in it.
 */
export function drillBegun(project: {
  readonly name: string;
  readonly description?: string | null | undefined;
}): number | undefined {
  if (!NAME.test(project.name)) return undefined;
  const begun = Date.parse(DESCRIPTION.exec(project.description ?? '')?.[1] ?? '');
  return Number.isNaN(begun) ? undefined : begun;
}
