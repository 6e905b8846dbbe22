import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { planLevel, restoreLevels } from '../../src/levels.ts';
import { expect, test } from 'vitest';
import { type AtSim, atSim } from './at-sim.ts';

const program = new URL('fixtures/level-run.ts', import.meta.url).pathname;
const WSGI = 'cinder.api.openstack.wsgi';
const QUIET = 'keystonemiddleware.auth_token';

interface Life {
  readonly said: readonly string[];
  readonly killed: boolean;
}

/** One process that sets the level for a moment and puts it back, killed after so many things that it did. */
async function live({ simulated, cloud, journals }: AtSim, name: string, dieAt = Infinity): Promise<Life> {
  const planned = await planLevel(
    { service: 'cinder-api', level: 'debug', for: '1h', workers: 2 },
    { cloud },
  );
  if (!planned.ok) throw new TypeError(planned.refusals[0].reason);
  const { connectOptions } = await simulated.listen();
  const words = [
    JSON.stringify(connectOptions),
    JSON.stringify(planned.plan),
    join(journals, `${name}.journal`),
  ];
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--conditions=@groundcrew/source', program, ...words, String(dieAt)],
      (error, stdout) => resolve({ said: stdout.trim().split('\n'), killed: error?.signal === 'SIGKILL' }),
    );
  });
}

test('killed after anything that it did: the next process puts every level back', async () => {
  const site = await atSim();
  const levels = async (): Promise<string> =>
    `${await site.levels('cinder-api', WSGI, 4)}, ${await site.levels('cinder-api', QUIET, 4)}`;
  const asBefore = await levels();
  const { said } = await live(site, 'whole');
  expect(said.at(-1)).toBe('succeeded');
  expect(said.filter((line) => line === 'set-log').length).toBeGreaterThan(4);
  expect(await levels()).toBe(asBefore);
  let lent = 0;
  // After each record of the journal, and after each third call that sets; what only reads changes nothing.
  let calls = 0;
  const places = said.flatMap((line, at) => {
    if (line === 'set-log') calls += 1;
    const isLeftOut = line === 'get-log' || (line === 'set-log' && calls % 3 !== 1) || at === said.length - 1;
    return isLeftOut ? [] : [at + 1];
  });
  for (const dieAt of places) {
    const { killed, said: until } = await live(site, `killed-${dieAt}`, dieAt);
    expect(killed).toBe(true);
    if ((await levels()) !== asBefore) lent += 1;
    const { failed } = await restoreLevels({ journals: site.journals, cloud: site.cloud, early: true });
    expect(failed, `killed after ${until.at(-1)}`).toEqual([]);
    expect(await levels(), `killed after ${until.at(-1)}`).toBe(asBefore);
  }
  // Some were killed while the level was lent: else nothing was shown.
  expect(lent).toBeGreaterThan(3);
});

test('what was is in the journal before anything is set', async () => {
  const site = await atSim();
  const { said } = await live(site, 'whole');
  const first = said.indexOf('set-log');
  expect(said.slice(0, first)).toContain('step-acted remember');
  const text = await readFile(join(site.journals, 'whole.journal'), 'utf8');
  expect(text).toContain(QUIET);
});
