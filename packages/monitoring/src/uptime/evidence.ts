/** What an uptime is told of. The text of a service is its program and host, as `nova-compute@compute-3`. */
export type UptimeSubject =
  | { readonly server: string }
  | { readonly service: string }
  | { readonly host: string }
  | { readonly endpoint: string };

export type UptimeKind = 'server' | 'service' | 'host' | 'endpoint';

/**
 * What a piece of evidence says. `not-created` and `deleted`: the thing does not exist yet, or any more. `unknown`: something
 * was going on (a reboot, a build), so that what was seen before and after it does not hold in between.
 */
export type EvidenceState = 'up' | 'down' | 'not-created' | 'deleted' | 'unknown';

/**
 * One thing that somebody saw: the subject was in this state at a moment between `earliest` and `latest`. A change is two
 * of them: the state before it when it began, and the state after it when it had ended.
 */
export interface UptimeEvidence {
  /** The same for the same thing seen, however often it is delivered: it is kept once. */
  readonly id: string;
  readonly subject: UptimeSubject;
  readonly state: EvidenceState;
  /** Milliseconds since 1970. */
  readonly earliest: number;
  /** Milliseconds since 1970; not before `earliest`, and a day after it at most. */
  readonly latest: number;
  /**
   * The source has looked again and again since an earlier evidence of its own, whose `latest` this is, and never saw another
   * state. So a poll every minute need not be kept every minute.
   */
  readonly since?: number | undefined;
  /** Who says so: `poll`, `action`, `probe`, … What one source saw is in the order of `latest`. */
  readonly source: string;
  /** The words for a person: `action stop (req-…)`. @default the source and its time */
  readonly text?: string | undefined;
  /** The project of a server, where it is known. */
  readonly project?: string | undefined;
}

/** The longest time that a single piece of evidence may leave open; milliseconds. */
export const WIDEST = 86_400_000;

export const kindOf = (subject: UptimeSubject): UptimeKind =>
  'server' in subject ? 'server' : 'service' in subject ? 'service' : 'host' in subject ? 'host' : 'endpoint';

export const nameOf = (subject: UptimeSubject): string =>
  'server' in subject
    ? subject.server
    : 'service' in subject
      ? subject.service
      : 'host' in subject
        ? subject.host
        : subject.endpoint;

export const subjectOf = (kind: UptimeKind, name: string): UptimeSubject => {
  switch (kind) {
    case 'server':
      return { server: name };
    case 'service':
      return { service: name };
    case 'host':
      return { host: name };
    case 'endpoint':
      return { endpoint: name };
  }
};
