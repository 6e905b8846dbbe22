import { Store } from '../../store.ts';

export interface Segment {
  readonly id: string;
  readonly row: number;
  name: string;
  description: string | null;
  recovery_method: string;
  service_type: string;
  enabled: boolean;
  readonly created: number;
  updated: number | null;
}

export interface SegmentHost {
  readonly id: string;
  readonly row: number;
  readonly segment: string;
  name: string;
  type: string;
  control_attributes: string;
  reserved: boolean;
  on_maintenance: boolean;
  readonly created: number;
  updated: number | null;
}

export type NotificationStatus = 'new' | 'running' | 'error' | 'failed' | 'ignored' | 'finished';

export interface Notification {
  readonly id: string;
  readonly row: number;
  readonly type: string;
  readonly host: string;
  readonly payload: Readonly<Record<string, string>>;
  /** The time of the failure, in milliseconds since 1970. */
  readonly generated: number;
  status: NotificationStatus;
  /** Names of the tasks of its workflow that have ended. */
  done: string[];
  readonly created: number;
  updated: number | null;
}

export interface VMove {
  readonly id: string;
  readonly row: number;
  readonly notification: string;
  readonly server: string;
  readonly name: string;
  readonly source: string;
  dest: string | null;
  start: number | null;
  end: number | null;
  status: 'pending' | 'ongoing' | 'ignored' | 'failed' | 'succeeded';
  message: string | null;
  readonly created: number;
}

/** The state of Masakari. Entities have row numbers, since a `marker` names these. */
export class InstanceHaState {
  readonly segments = new Store<Segment>();
  readonly hosts = new Store<SegmentHost>();
  readonly notifications = new Store<Notification>();
  readonly vmoves = new Store<VMove>();
  readonly #rows = new Map<string, number>();

  row(table: string): number {
    const next = (this.#rows.get(table) ?? 0) + 1;
    this.#rows.set(table, next);
    return next;
  }

  hostNamed(name: string): SegmentHost | undefined {
    return this.hosts.find((host) => host.name === name);
  }

  /**
   * Tells whether a notification of one of the segment's hosts is unfinished. Then neither the segment nor its hosts may
   * change.
   */
  underRecovery(segment: string): boolean {
    const mine = new Set(this.hosts.filter((host) => host.segment === segment).map(({ id }) => id));
    return this.notifications
      .values()
      .some(({ host, status }) => mine.has(host) && ['new', 'running', 'error'].includes(status));
  }
}
