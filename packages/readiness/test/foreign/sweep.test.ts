import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { cell, cleanRun, type CleanRun, observes, replies } from './sweep.ts';

/*
 * Every observe of every package meets every kind of odd answer at every endpoint that it touches. What is asked of each
 * cell: nothing passes that did not pass without the fault, nor in other words than then; no finding is gone without a word; no
 * error is outside the family; nothing outlasts its deadline; no rejection is left unhandled.
 *
 * fog/fog-openstack issue 405 (a success without its list), gophercloud issues 3147 and 69 (fields of another type), gtema/openstack
 * issue 1243 (a hidden root), nova/api/openstack/compute/views/servers.py (stubs of a cell that is down).
 *
 * The kinds are those of `odd-answers.ts` of sim, where each is described, and the refusals and failures of services.
 */
const runs: CleanRun[] = [];
for (const name of Object.keys(observes)) runs.push(await cleanRun(name));

const kinds = Object.keys(replies);
const cells = runs.reduce((sum, { endpoints }) => sum + endpoints.length * kinds.length, 0);

const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);
beforeAll(() => void process.on('unhandledRejection', note));
afterAll(() => void process.off('unhandledRejection', note));

describe(`${runs.length} observes, ${kinds.length} kinds of answers, ${cells} combinations with endpoints`, () => {
  test.each(runs.map((run) => [run.name, run.endpoints.length, run] as const))(
    '%s at %i endpoints',
    async (_name, _count, run) => {
      expect(run.said.length).toBeGreaterThan(0);
      const wrong: string[] = [];
      for (const endpoint of run.endpoints)
        for (const kind of kinds)
          for (const problem of await cell(run, endpoint, kind))
            wrong.push(`${endpoint.service} ${endpoint.operation} answers ${kind}: ${problem}`);
      expect(wrong).toEqual([]);
      expect(unhandled).toEqual([]);
    },
  );
});
