import { milliseconds } from '@groundcrew/ground';
import { systemClock } from '@groundcrew/core';
import { type Outcome, RunKeeper } from '@groundcrew/runbook';
import type { EventEmitter } from 'eventemitter3';
import type { ResponseControllerEvents } from './controller-events.ts';
import {
  type ControllerMemory,
  readMemory,
  type RememberedResponse,
  type ResponseRun,
  runsIn,
  withLeft,
  withoutRunning,
  withRunning,
} from './controller-memory.ts';
import type { ResponseControllerOptions } from './controller-options.ts';
import { responseImplementations, revisionsIn } from './implementations.ts';
import { responseEvents } from './response-events.ts';

/** The runs of a controller of responses. The trail is told of each before it is remembered as ended. */
export function responseRuns(
  options: ResponseControllerOptions,
  events: EventEmitter<ResponseControllerEvents>,
  succeeded: () => void,
): RunKeeper<ControllerMemory, readonly RememberedResponse[]> {
  const { cloud, channels, notices, state, journal, trail, clock = systemClock } = options;
  return new RunKeeper<ControllerMemory, readonly RememberedResponse[]>({
    state,
    journal,
    memory: {
      read: readMemory,
      running: runsIn,
      withBegun: withRunning,
      withEnded: (memory, run, outcome) => afterwards(memory, run, outcome, options),
      withoutBegun: (memory, run) => withoutRunning(memory, run.journal),
    },
    how: () => ({
      implementations: responseImplementations({ cloud, channels, notices }),
      revisionOf: revisionsIn(cloud),
      clock,
    }),
    account: async (_, kept) => {
      await trail?.append(responseEvents(await kept.read()));
    },
    listener: {
      started: ({ journal: name, by }, plan) => events.emit('started', { plan, journal: name, by }),
      record: ({ journal: name }, record) => events.emit('record', { journal: name, record }),
      ended: ({ journal: name }, plan, outcome) => {
        events.emit('ended', { plan, journal: name, outcome });
        if (outcome.status === 'succeeded') succeeded();
      },
      trouble: (error) => events.emit('trouble', { error }),
    },
  });
}

/** The memory after a run: a success counts until it is undone, a failure until it is tried again. */
function afterwards(
  memory: ControllerMemory,
  { journal, about }: ResponseRun,
  { status }: Outcome,
  { cloud, retry = '15m' }: ResponseControllerOptions,
): ControllerMemory {
  const rest = withoutRunning(memory, journal);
  const at = cloud.clock.now();
  // After a refusal it is planned anew.
  if (status === 'refused') return rest;
  if (status !== 'succeeded')
    return withLeft(rest, about, { why: 'failed', at, until: at + milliseconds(retry) });
  // The notices hold who was told.
  const done = about.filter((response) => response.do !== 'notify');
  return withLeft(rest, done, { why: 'done', at });
}
