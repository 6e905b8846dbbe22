// A host is anybody's, and so is a checker of one's own: one that answers garbage, throws or hangs takes no other down (issue
// 9, kind 9; what a plugin may do to Nagios and Prometheus, whose exporters run each collector apart for that reason).
import type { CommandResult, Host } from '@groundcrew/runbook';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { catalogue, defineComponent, observeStack, unsafeNow } from '../../src/stack.ts';

const hostOf = (name: string, run: () => Promise<unknown>): Host => ({
  name,
  run: () => run() as Promise<CommandResult>,
  upload: () => Promise.reject(new Error('not asked for')),
  download: () => Promise.reject(new Error('not asked for')),
});

const IP = JSON.stringify([{ ifname: 'lo', flags: ['UP'], addr_info: [{ local: '10.0.0.10' }] }]);
const good = hostOf('good', async () => ({ exitCode: 0, stdout: IP, stderr: '', dropped: 0 }));

const bad: Readonly<Record<string, () => Promise<unknown>>> = {
  nothing: async () => undefined,
  'a text': async () => 'ok',
  'no output': async () => ({ exitCode: 0 }),
  'output of another kind': async () => ({ exitCode: 0, stdout: [], stderr: '', dropped: 0 }),
  'half of it': async () => ({ exitCode: 0, stdout: IP, stderr: '', dropped: 1 }),
  'a throw that is no error': () => Promise.reject(null),
  'no end': () => new Promise(() => undefined),
};

const Printed = z.strictObject({
  exitCode: z.literal(0),
  stdout: z.string(),
  stderr: z.string(),
  dropped: z.literal(0),
});

const own = <const Name extends string>(name: Name, observe: () => Promise<unknown>) =>
  defineComponent({
    name,
    title: name,
    mode: 'independent',
    state: 'stateless',
    stops: 'nothing',
    wanted: 1,
    target: z.strictObject({}),
    source: () => name,
    observe,
    judge: () => [],
  });

test.each(Object.entries(bad))(
  'a host that answers %s leaves a gap, beside one that answers',
  async (_, run) => {
    const broken = hostOf('bad', run);
    const snapshot = await observeStack(
      {
        vips: [{ address: '10.0.0.10', hosts: [good, broken] }],
        pacemaker: [{ host: broken }],
        ovn: [{ host: broken, database: 'OVN_Southbound' }],
        mine: [{}],
        yours: [{}],
      },
      {
        timeout: 40,
        catalogue: {
          ...catalogue,
          mine: own('mine', async () => Printed.parse(await run())),
          yours: own('yours', async () => 1),
        },
      },
    );
    expect(snapshot.vips[0]?.value?.owners).toEqual(['good']);
    expect(snapshot.vips[0]?.gaps.length).toBe(1);
    expect(snapshot.pacemaker[0]).toMatchObject({ value: undefined, gaps: [{}] });
    expect(snapshot.ovn[0]).toMatchObject({ value: undefined, gaps: [{}] });
    expect(snapshot.mine[0]?.gaps).toHaveLength(1);
    expect(snapshot.yours[0]).toMatchObject({ completeness: 'complete' });
    expect(unsafeNow('pacemaker', snapshot).map(({ code }) => code)).toContain('pacemaker.unseen');
  },
);

test('an observer that returns nothing has seen nothing', async () => {
  const nothing = own('nothing', async () => undefined);
  const snapshot = await observeStack({ nothing: [{}] }, { catalogue: { nothing } });
  expect(snapshot.nothing).toMatchObject([
    { value: undefined, completeness: 'failed', gaps: [{ what: 'nothing', why: 'it returned nothing' }] },
  ]);
});
