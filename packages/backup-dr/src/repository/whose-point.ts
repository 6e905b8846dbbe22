import type { RecoveryPoint } from './point.ts';

type Labelled = Pick<RecoveryPoint, 'labels'>;

/** Whether a point is of a project, by its id or its name, or of the site whose control plane it is. */
export const isPointOf = ({ labels }: Labelled, project: string): boolean =>
  labels['project-id'] === project || labels['project'] === project || labels['site'] === project;

/**
 * What a point is one of many of: a project, a control plane. Two projects of one name in two domains have two ids, and a site may
 * be called as a project is: what is kept of one says nothing of the other.
 */
export const seriesOf = ({ labels }: Labelled): string =>
  JSON.stringify([labels['kind'], labels['project-id'] ?? labels['project'], labels['site']]);
