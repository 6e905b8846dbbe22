import type { UptimeEvidence, UptimeKind, UptimeSubject } from './evidence.ts';
import type { UptimeClaim } from './runs.ts';
import type { UptimeWindow } from './timeline.ts';

/** A subject of which there is evidence. */
export interface KnownSubject {
  readonly name: string;
  readonly project: string | undefined;
  /** The `latest` of its newest evidence; milliseconds since 1970. `undefined`: all of it was purged. */
  readonly newest: number | undefined;
  /** The `latest` of the newest evidence of the source `action`: what was done before that has been read. `undefined`: none. */
  readonly newestAction: number | undefined;
  /** Whether there is evidence of its deletion. */
  readonly isDeleted: boolean;
}

/** A subject with its evidence of a time. */
export interface SubjectClaims {
  readonly name: string;
  readonly project: string | undefined;
  readonly claims: readonly UptimeClaim[];
}

export interface SubjectPage {
  readonly subjects: readonly SubjectClaims[];
  /** Where the next page begins; `undefined` after the last one. */
  readonly next: number | undefined;
}

/** The storage of evidence: it keeps each once, by its id, and finds by subject and time. */
export interface UptimeStore {
  /** Adds what is not there yet, wholly or not at all, and returns how many that were. */
  add(evidence: readonly UptimeEvidence[]): Promise<number>;
  /** What was seen of a subject: `latest` in the window, ends included; and of its creation and deletion whenever it was. */
  read(subject: UptimeSubject, window: UptimeWindow): Promise<readonly UptimeClaim[]>;
  /** What `read` gives for each subject of a kind, in pages. */
  scan(
    kind: UptimeKind,
    window: UptimeWindow,
    page: { readonly after: number | undefined; readonly limit: number },
  ): Promise<SubjectPage>;
  /** In no certain order. */
  subjects(kind: UptimeKind): Promise<readonly KnownSubject[]>;
  /** Removes evidence whose `latest` is before this time, and returns how many that were. */
  purge(before: number): Promise<number>;
  close(): Promise<void>;
}
