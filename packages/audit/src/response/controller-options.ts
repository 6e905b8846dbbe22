import {
  aClock,
  aFunction,
  anObjectWith,
  aPositiveDuration,
  type Duration,
  type Finding,
} from '@groundcrew/ground';
import type { Clock, Cloud } from '@groundcrew/core';
import type { Journal, Lease, State } from '@groundcrew/runbook';
import { z } from 'zod';
import type { Trail } from '../trail/trail.ts';
import { aChannel, type Channel } from './channel.ts';
import { aNoticeBook, type NoticeBook } from './notice-book.ts';
import type { ResponseContext } from './plan-responses.ts';
import type { ResponsePolicy } from './policy.ts';
import type { ApproveResponses } from './questions.ts';

/** The findings of now, and the facts about the cloud that a plan against them needs. */
export interface ResponseLook {
  readonly findings: readonly Finding[];
  readonly context: ResponseContext;
}

export interface ResponseControllerOptions {
  readonly cloud: Cloud;
  /** Looks at the cloud: `observeSecurityGroups`, `assessSecurityGroups`, packs, placement. If it rejects, nothing is decided. */
  readonly look: (options: { readonly signal: AbortSignal }) => Promise<ResponseLook>;
  readonly policy: ResponsePolicy;
  readonly channels: readonly Channel[];
  /** Deadlines count from what is in it: `fileNotices(path)`, or `postgresNotices` for controllers on several machines. */
  readonly notices: NoticeBook;
  /** The place of its memory: `fileState(path)`, or `postgresState`. */
  readonly state: State;
  /** The journal of that name: `(name) => fileJournal(join(folder, name))`. */
  readonly journal: (name: string) => Journal;
  /**
   * Asks for the approval of a plan. It is asked beside the rounds, for every plan that changes more than a tag, since
   * an answer may take days. A no holds until the finding is good or has another cause; after an error it is asked
   * again when `retry` has passed.
   */
  readonly approve: ApproveResponses;
  /** If several controllers share a lease, the one that holds it acts. @default it is the only one */
  readonly lease?: Lease | undefined;
  /**
   * The name of this controller: for others that find the lease held, and for the trail. @default 'response-controller'
   */
  readonly holder?: string | undefined;
  /** The trail that is told what was done. @default nowhere */
  readonly trail?: Pick<Trail, 'append'> | undefined;
  /** The time between two looks; a deadline, an answer and `wake()` come sooner. @default '1m' */
  readonly interval?: Duration | undefined;
  /** The time before what failed is tried again. @default '15m' */
  readonly retry?: Duration | undefined;
  /** The clock of the runs: their journals and the time limits of their steps. @default the machine's */
  readonly clock?: Clock | undefined;
}

/**
 * Checks that everything is there, and that the times mean something: an interval of NaN would look at the cloud
 * without end.
 */
export const controllerOptions = z.strictObject({
  cloud: anObjectWith<Cloud>('a Cloud', 'compute', 'network'),
  look: aFunction,
  policy: anObjectWith<ResponsePolicy>('a policy, as `responsePolicy` gives it', 'mode', 'rules'),
  channels: z.array(aChannel).readonly(),
  notices: aNoticeBook,
  state: anObjectWith<State>('a State', 'load', 'save'),
  journal: aFunction,
  approve: aFunction,
  lease: anObjectWith<Lease>('a Lease', 'acquire').optional(),
  holder: z.string().trim().min(1).optional(),
  trail: anObjectWith<Trail>('a Trail', 'append').optional(),
  interval: aPositiveDuration.optional(),
  retry: aPositiveDuration.optional(),
  clock: aClock.optional(),
});
