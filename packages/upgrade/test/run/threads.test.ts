import { localHost } from '@groundcrew/runbook/hosts';
import { expect, describe, test } from 'vitest';
import { observeThreads, type TopologyHost, type UpgradeTopology } from '../../src/run.ts';
import { planOf } from './fixtures/carry-out.ts';
import { hop, topology } from './fixtures/topology.ts';

const VARIABLE = 'OS_NOVA_DISABLE_EVENTLET_PATCHING';

/** The cloud of the tests, with what was read of its hosts. */
const read = (threads: Readonly<Record<string, readonly string[]>> = {}): UpgradeTopology => ({
  hosts: topology.hosts.map((host): TopologyHost => ({ ...host, threads: threads[host.name] ?? [] })),
});
const refreshOf = (of: UpgradeTopology, to = hop('2025.1', '2026.1')) =>
  planOf({ topology: of, services: ['nova'] }, to)
    .steps.map(({ id }) => id)
    .filter((id) => /^(signal|refresh)-/.test(id));
const warnings = (of: UpgradeTopology, to = hop('2025.1', '2026.1')) =>
  planOf({ topology: of, services: ['nova'] }, to).warnings.filter((line) => line.includes(VARIABLE));

describe('threads that the environment gives', () => {
  test('who has them is restarted, and the plan says why', () => {
    const given = read({ 'ctl-2': ['nova-conductor'], 'cmp-1': ['nova-compute'] });
    expect(refreshOf(given)).toEqual([
      'signal-nova-ctl-1',
      'signal-nova-cmp-2',
      'refresh-nova-compute-cmp-1',
      'refresh-nova-conductor-ctl-2',
      'refresh-nova-scheduler-ctl-1',
      'refresh-nova-scheduler-ctl-2',
      'refresh-nova-api-ctl-1',
      'refresh-nova-api-ctl-2',
    ]);
    const why = new Map(planOf({ topology: given }).steps.map((step) => [step.id, step.why]));
    expect(why.get('refresh-nova-compute-cmp-1')).toMatch(
      /^Its environment has OS_NOVA_DISABLE_EVENTLET_PATCHING\. With native threads/,
    );
    expect(why.get('refresh-nova-scheduler-ctl-1')).toMatch(/^With native threads/);
  });

  test('where nobody has looked, the plan says so; where it cannot matter, it does not', () => {
    expect(warnings(topology)).toEqual([
      expect.stringMatching(/^nova-conductor, nova-compute are sent SIGHUP/),
    ]);
    expect(warnings(read())).toEqual([]);
    // All have threads by default; and none can have them.
    expect(warnings(topology, hop('2026.1', '2026.2'))).toEqual([]);
    expect(warnings(topology, hop('2024.1', '2024.2'))).toEqual([]);
    expect(warnings(topology, hop('2025.1', '2025.2'))).toEqual([
      expect.stringMatching(/^nova-scheduler are sent/),
    ]);
  });

  test('of a component that does not run there nothing can be said', () => {
    expect(() => planOf({ topology: read({ 'cmp-1': ['nova-conductor'] }) })).toThrow(/topology\.hosts\.2/);
  });
});

describe('what a host tells', () => {
  interface Told {
    readonly show?: string;
    readonly files?: Readonly<Record<string, string>>;
  }
  const loaded = (more = '') => `LoadState=loaded\nMainPID=42\n${more}`;
  async function observed({ show = loaded(), files = {} }: Told) {
    const { hosts } = await observeThreads(
      { hosts: [{ name: 'cmp-1', runs: ['nova-compute', 'neutron-openvswitch-agent'] }] },
      {
        hosts: [
          {
            name: 'cmp-1',
            run: async ([program, ...words], how) => {
              expect(how?.sudo).toBe(true);
              const text = files[words.at(-1) ?? ''];
              const [exitCode, stdout] =
                program === 'systemctl'
                  ? [0, show]
                  : text === undefined
                    ? [2, '']
                    : text === ''
                      ? [1, '']
                      : [0, text];
              return {
                host: 'cmp-1',
                command: [program],
                exitCode,
                stdout,
                stderr: '',
                dropped: 0,
                durationMs: 1,
              };
            },
          },
        ],
      },
    ).then(({ value, gaps }) => ({ hosts: [value.hosts[0]?.threads ?? gaps[0]?.why] }));
    return hosts[0];
  }
  const environ = '/proc/42/environ';

  test.each<[string, Told, unknown]>([
    ['nothing is set', { files: { [environ]: '' } }, []],
    ['the process has it', { files: { [environ]: `${VARIABLE}=True\0` } }, ['nova-compute']],
    ['the process asks for eventlet', { files: { [environ]: `${VARIABLE}=false\0` } }, []],
    [
      'its unit has it, and it was not restarted since',
      { show: loaded(`Environment=A=b ${VARIABLE}=yes`), files: { [environ]: '' } },
      ['nova-compute'],
    ],
    [
      'a file of its unit has it',
      {
        show: loaded('EnvironmentFiles=/etc/default/nova (ignore_errors=yes)'),
        files: { [environ]: '', '/etc/default/nova': `${VARIABLE}="1"\n` },
      },
      ['nova-compute'],
    ],
    [
      'that file is not there',
      { show: loaded('EnvironmentFiles=/etc/default/nova (ignore_errors=yes)'), files: { [environ]: '' } },
      [],
    ],
    ['its process cannot be read', {}, '/proc/42/environ of nova-compute could not be read'],
    [
      'there is no such unit',
      { show: 'LoadState=not-found\nMainPID=0\n' },
      'systemd knows no unit nova-compute',
    ],
  ])('%s', async (_, told, expected) => {
    expect(await observed(told)).toEqual(expected);
  });

  test('grep finds it in a real environment, and nothing else', async () => {
    const host = localHost({ name: 'cmp-1' });
    const one = {
      name: 'cmp-1',
      run: (async ([program, ...words], how) =>
        program === 'systemctl'
          ? host.run(['printf', loaded()], how)
          : host.run(['sh', '-c', '"$@" "/proc/$$/environ"', 'sh', program, ...words.slice(0, -1)], {
              ...how,
              env: { ...how?.env, [VARIABLE]: 'TRUE', SECRET: 'x' },
            })) as typeof host.run,
    };
    const { value, gaps } = await observeThreads(
      { hosts: [{ name: 'cmp-1', runs: ['nova-compute'] }] },
      { hosts: [one], sudo: false },
    );
    expect([value.hosts[0]?.threads, gaps]).toEqual([['nova-compute'], []]);
  });

  test('a host that was not given is a gap, and nothing is said of it', async () => {
    const { value, gaps, completeness } = await observeThreads(topology, { hosts: [] });
    expect(completeness).toBe('partial');
    expect(gaps).toHaveLength(4);
    expect(value.hosts.map(({ threads }) => threads)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      [],
    ]);
  });
});
