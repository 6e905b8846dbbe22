import { systemClock } from '@groundcrew/core';
import { isUnfinished, type Json, type Outcome, type Plan, readInput, RunKeeper } from '@groundcrew/runbook';
import type { EventEmitter } from 'eventemitter3';
import { evacuateServer } from './actions.ts';
import type { ControllerEvents, Purpose } from './controller-events.ts';
import type { ControllerOptions } from './controller-options.ts';
import type { HaHistory, PastRecovery } from './history.ts';
import { withRecovery, withRecoveryEnded } from './next-history.ts';
import { readHistory } from './read-history.ts';
import { recoveryImplementations } from './recovery-implementations.ts';
import { returnImplementations } from './return-implementations.ts';

/** The part of a run that the controller has to know. */
export interface HostRun {
  readonly host: string;
  readonly purpose: Purpose;
}

/** The runs of a controller of instance HA. A recovery is remembered, a return only when it has ended. */
export function hostRuns(
  options: ControllerOptions,
  events: EventEmitter<ControllerEvents>,
): RunKeeper<HaHistory, HostRun> {
  const { cloud, fencer, state, journal, clock = systemClock } = options;
  const now = (): number => cloud.clock.now();
  return new RunKeeper<HaHistory, HostRun>({
    state,
    journal,
    memory: {
      read: (kept) => readHistory(kept as Json | undefined),
      running: ({ recoveries }) =>
        recoveries.flatMap(({ host, state: was, journal: name, by = holderOf(options) }) =>
          was === 'running' && name !== undefined
            ? [{ journal: name, by, about: { host, purpose: 'recover' } }]
            : [],
        ),
      withBegun: (history, { journal: name, by, about: { host, purpose } }) =>
        purpose === 'recover' ? withRecovery(history, { host, now: now(), journal: name, by }) : history,
      withEnded: (history, { about: { host, purpose } }, outcome) => {
        const ended = endedAs(purpose, outcome);
        return ended === undefined ? history : withRecoveryEnded(history, host, ended, now());
      },
      withoutBegun: (history, { about: { host } }) => withRecoveryEnded(history, host, 'undone', now()),
    },
    how: ({ about: { purpose } }) => ({
      implementations:
        purpose === 'recover'
          ? recoveryImplementations({ cloud, fencer })
          : returnImplementations({ cloud, fencer }),
      onFailure: 'roll-back',
      clock,
    }),
    listener: {
      started: ({ journal: name, about }, plan) => events.emit('started', { ...about, plan, journal: name }),
      record: ({ about }, record) => events.emit('record', { ...about, record }),
      ended: ({ about }, _, outcome) => events.emit('ended', { ...about, outcome }),
      trouble: (error) => events.emit('trouble', { error }),
    },
  });
}

/** The name of the approver where nobody is asked. */
export const holderOf = ({ holder = 'ha-controller' }: Pick<ControllerOptions, 'holder'>): string => holder;

/** Servers that a plan moves. */
export const movedBy = ({ steps }: Plan): string[] =>
  steps
    .filter(({ action }) => action === evacuateServer.name)
    .map(({ input }) => readInput(evacuateServer, input).server);

/** The entry of the history for a run that ended so; `undefined`: the entry stays, and the run is to go on. */
function endedAs(purpose: Purpose, outcome: Outcome): Exclude<PastRecovery['state'], 'running'> | undefined {
  const { status } = outcome;
  // Refused since somebody else runs it: that nothing was touched is true of this attempt alone.
  if (isUnfinished(outcome)) return undefined;
  const over = status === 'succeeded' || status === 'partially-succeeded';
  const undone = status === 'rolled-back' || status === 'refused';
  // A host that did not come back is left alone: turning it on again and again helps nobody.
  if (purpose === 'return') return over ? 'returned' : undone || status === 'failed' ? 'failed' : undefined;
  if (over) return 'recovered';
  if (undone) return 'undone';
  // Neither ended nor undone: the host may be off with its servers on it, so that it is taken up again.
  return status === 'failed' ? 'half-done' : undefined;
}
