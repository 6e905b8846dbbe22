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
  /** Store of the history: `fileState(path)`, or `postgresState` for controllers on several machines. */
  readonly state: State;
  /** Gives the journal of a name: `(name) => fileJournal(join(folder, name))`. */
  readonly journal: (name: string) => Journal;
  /** Lease that makes one of several controllers the leader: only its holder acts. @default this is the only controller */
  readonly lease?: Lease | undefined;
  /** Name of this controller, shown to others while it holds the lease. @default 'ha-controller' */
  readonly holder?: string | undefined;
  /**
   * Approves a plan. The policy is the standing approval; here a person can decide, and `false` makes a controller that
   * only observes. It is called once for each plan, while the rounds go on; after the answer, a new round decides
   * whether the plan is still wanted. @default every plan is approved
   */
  readonly approve?: Approve | undefined;
  /** Gates that must be open before a host is touched. @default `gates`, all ten */
  readonly gates?: readonly Gate[] | undefined;
  /** Time between two rounds. @default '10s' */
  readonly interval?: Duration | undefined;
  /** Clock of the runs: of their journals and the time limits of their steps. @default the system clock */
  readonly clock?: Clock | undefined;
}

/** Checks that everything is given, and that times are times: with an interval of NaN the rounds would never pause. */
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
