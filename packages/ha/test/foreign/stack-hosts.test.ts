// A host is anybody's, and so is a checker of one's own: one that answers garbage, throws or hangs takes no other down (issue
// 9, kind 9; what a plugin may do to Nagios and Prometheus, whose exporters run each collector apart for that reason).
import type { CommandResult, Host } from '@groundcrew/runbook';
import { expect, test } from 'vitest';
import { observeStack, unsafeNow } from '../../src/stack.ts';

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

test.each(Object.entries(bad))(
  'a host that answers %s leaves a gap, beside one that answers',
  async (_, run) => {
    const broken = hostOf('bad', run);
    const snapshot = await observeStack(
      {
        vips: [{ address: '10.0.0.10', hosts: [good, broken] }],
        pacemaker: [{ host: broken }],
        ovn: [{ host: broken, database: 'OVN_Southbound' }],
        others: { mine: [run as never], yours: [async () => snapshotOf('yours')] },
      },
      { timeout: 40 },
    );
    expect(snapshot.vips[0]?.value?.owners).toEqual(['good']);
    expect(snapshot.vips[0]?.gaps.length).toBe(1);
    expect(snapshot.pacemaker[0]).toMatchObject({ value: undefined, gaps: [{}] });
    expect(snapshot.ovn[0]).toMatchObject({ value: undefined, gaps: [{}] });
    expect(snapshot.others['mine']?.[0]?.gaps).toHaveLength(1);
    expect(snapshot.others['yours']?.[0]).toMatchObject({ completeness: 'complete' });
    expect(unsafeNow('pacemaker', snapshot).map(({ code }) => code)).toContain('pacemaker.unseen');
  },
);

const snapshotOf = (source: string) => ({
  value: 1,
  at: '2026-01-01T00:00:00Z',
  source,
  completeness: 'complete' as const,
  gaps: [],
});
