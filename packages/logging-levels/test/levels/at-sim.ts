import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cloud, connect } from '@groundcrew/core';
import {
  fileJournal,
  type Journal,
  type Outcome,
  type Plan,
  run,
  type RunOptions,
} from '@groundcrew/runbook';
import { simulateCloud, type SimulatedCloud, type SimulateOptions } from '@groundcrew/sim';
import { onTestFinished } from 'vitest';
import { type CinderLevelRequest, levelImplementations, planLevel } from '../../src/levels.ts';

export interface AtSim {
  readonly simulated: SimulatedCloud;
  readonly cloud: Cloud;
  /** The folder of the journals. */
  readonly journals: string;
  /** The plan; a refusal fails the test. */
  readonly plan: (request: CinderLevelRequest) => Promise<Plan>;
  readonly journal: (name?: string) => Journal;
  readonly execute: (plan: Plan, options?: Partial<RunOptions>) => Promise<Outcome>;
  /** The levels of some answers, one after the other: `INFO DEBUG INFO DEBUG`. */
  readonly levels: (
    service: CinderLevelRequest['service'],
    logger: string,
    answers?: number,
  ) => Promise<string>;
}

export async function atSim(options: SimulateOptions = {}, user = 'admin'): Promise<AtSim> {
  const simulated = simulateCloud(options);
  const { connectOptions } = await simulated.listen();
  const cloud = connect({
    ...connectOptions,
    auth: { ...connectOptions.auth, username: user, project_name: user },
    clock: simulated.clock,
  });
  const journals = await mkdtemp(join(tmpdir(), 'levels-'));
  onTestFinished(async () => {
    await cloud[Symbol.asyncDispose]();
    await simulated.close();
    await rm(journals, { recursive: true });
  });
  const journal = (name = 'one'): Journal => fileJournal(join(journals, `${name}.journal`));
  return {
    simulated,
    cloud,
    journals,
    journal,
    async plan(request) {
      const planned = await planLevel(request, { cloud });
      if (!planned.ok) throw new TypeError(planned.refusals[0].reason);
      return planned.plan;
    },
    execute: (plan, more = {}) =>
      run(plan, {
        approved: plan.digest,
        implementations: levelImplementations({ cloud }),
        journal: journal(),
        ...more,
      }).outcome,
    async levels(binary, logger, answers = 6) {
      const seen: string[] = [];
      for (let asked = 0; asked < answers; asked += 1) {
        const told = await cloud.blockStorage.services.getLog({ binary, prefix: logger });
        seen.push(told.map(({ levels }) => levels[logger] ?? 'none').join('/'));
      }
      return seen.join(' ');
    },
  };
}
