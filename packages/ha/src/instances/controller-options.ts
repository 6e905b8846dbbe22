import { z } from 'zod';
import {
  aClock,
  aFunction,
  anObjectWith,
  aPositiveDuration,
  type Duration,
  optionsSchema,
} from '@groundcrew/ground';
import type { Clock, Cloud } from '@groundcrew/core';
import type { Journal, Lease, State } from '@groundcrew/runbook';
import type { Fencer } from '../fencing/fencer.ts';
import type { Approve } from './approvals.ts';
import type { Gate } from './gates/gate.ts';
import type { Observer } from './observation.ts';
import type { HaPolicy } from './policy.ts';

export interface ControllerOptions {
  readonly cloud: Cloud;
  readonly fencer: Fencer;
  readonly observers: readonly Observer[];
  readonly policy: HaPolicy;
  /** Where it keeps what it remembers: `fileState(path)`, or `postgresState` for controllers on several machines. */
  readonly state: State;
  /** The journal of that name: `(name) => fileJournal(join(folder, name))`. */
  readonly journal: (name: string) => Journal;
  /** Of several controllers the one that holds it acts. @default it is the only one */
  readonly lease?: Lease | undefined;
  /** Who it is, for whoever finds the lease held. @default 'ha-controller' */
  readonly holder?: string | undefined;
  /**
   * Is this plan to be run? The policy is the standing approval; this is the place for a person, or for `false`, which
   * makes a controller that only observes. Asked once for each plan, beside the rounds; when the answer is there, a new
   * round decides whether the same is still wanted. @default yes
   */
  readonly approve?: Approve | undefined;
  /** What must be open before a host is touched. @default all ten */
  readonly gates?: readonly Gate[] | undefined;
  /** Time between two rounds. @default '10s' */
  readonly interval?: Duration | undefined;
  /** Of the runs: their journals and the time limits of their steps. @default the machine's */
  readonly clock?: Clock | undefined;
}

/** What is there, and that its times mean something: an interval of NaN would look at the cloud without end. */
export const controllerOptions = optionsSchema<ControllerOptions>({
  cloud: anObjectWith<Cloud>('a Cloud', 'compute'),
  fencer: anObjectWith<Fencer>('a Fencer', 'off', 'confirmOff', 'on'),
  observers: z.array(anObjectWith<Observer>('an Observer', 'id', 'observe')),
  policy: anObjectWith<HaPolicy>('a policy, as haPolicy gives it', 'observers', 'agreement'),
  state: anObjectWith<State>('a State', 'load', 'save'),
  journal: aFunction,
  lease: anObjectWith<Lease>('a Lease', 'acquire').optional(),
  holder: z.string().min(1).optional(),
  approve: aFunction.optional(),
  gates: z.array(anObjectWith<Gate>('a gate')).optional(),
  interval: aPositiveDuration.optional(),
  clock: aClock.optional(),
});
