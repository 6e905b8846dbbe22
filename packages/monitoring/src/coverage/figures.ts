import type { Severity } from '@groundcrew/ground';

/** The kinds of things of which something can be measured. */
export type CoveredThing =
  | 'servers'
  | 'volumes'
  | 'snapshots'
  | 'backups'
  | 'images'
  | 'ports'
  | 'floating-ips'
  | 'hypervisors'
  | 'endpoints';

/** One figure of one kind of thing, which a cloud that is watched has for each of them. */
export interface CoverageFigure {
  readonly id: `${CoveredThing}.${string}`;
  readonly of: CoveredThing;
  /** `CPU time of servers`. */
  readonly what: string;
  /** Of the finding, if nothing measures it. */
  readonly severity: Severity;
}

const figures = [
  { id: 'servers.cpu', of: 'servers', what: 'CPU time of servers', severity: 'medium' },
  { id: 'servers.memory', of: 'servers', what: 'memory in use of servers', severity: 'medium' },
  { id: 'servers.disk', of: 'servers', what: 'disk I/O of servers', severity: 'medium' },
  { id: 'servers.network', of: 'servers', what: 'network traffic of servers', severity: 'medium' },
  { id: 'servers.state', of: 'servers', what: 'state of servers', severity: 'medium' },
  { id: 'servers.size', of: 'servers', what: 'CPUs of servers, as bills count them', severity: 'low' },
  { id: 'servers.audit', of: 'servers', what: 'usage audits of servers', severity: 'low' },
  { id: 'volumes.size', of: 'volumes', what: 'size of volumes', severity: 'medium' },
  { id: 'volumes.io', of: 'volumes', what: 'I/O of attached volumes', severity: 'medium' },
  { id: 'volumes.audit', of: 'volumes', what: 'usage audits of volumes', severity: 'low' },
  { id: 'snapshots.size', of: 'snapshots', what: 'size of volume snapshots', severity: 'low' },
  { id: 'backups.size', of: 'backups', what: 'size of volume backups', severity: 'low' },
  { id: 'images.size', of: 'images', what: 'size of images', severity: 'low' },
  { id: 'ports.state', of: 'ports', what: 'state of ports', severity: 'low' },
  { id: 'floating-ips.state', of: 'floating-ips', what: 'state of floating IPs', severity: 'low' },
  { id: 'hypervisors.cpu', of: 'hypervisors', what: 'CPU of hypervisors', severity: 'medium' },
  { id: 'hypervisors.use', of: 'hypervisors', what: 'CPUs promised on hypervisors', severity: 'low' },
  { id: 'endpoints.answer', of: 'endpoints', what: 'answers of API endpoints', severity: 'medium' },
] as const satisfies readonly CoverageFigure[];

export type FigureId = (typeof figures)[number]['id'];

/** What is looked for, of each thing of its kind. */
export const coverageFigures: readonly (CoverageFigure & { readonly id: FigureId })[] = figures;
