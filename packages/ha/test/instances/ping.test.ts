import type { CommandOptions, CommandResult, Host } from '@groundcrew/runbook';
import { expect, test } from 'vitest';
import { pingObserver } from '../../src/instances.ts';

/** A machine whose fping says this. */
function says(stderr: string | Error): { from: Host; commands: string[][]; options: CommandOptions[] } {
  const commands: string[][] = [];
  const options: CommandOptions[] = [];
  const refuse = (): Promise<never> => Promise.reject(new Error('not asked for'));
  const from: Host = {
    name: 'eye',
    async run(command, given = {}): Promise<CommandResult> {
      commands.push([...command]);
      options.push(given);
      if (stderr instanceof Error) throw stderr;
      return { host: 'eye', command, exitCode: 1, stdout: '', stderr, dropped: 0, durationMs: 1 };
    },
    upload: refuse,
    download: refuse,
  };
  return { from, commands, options };
}
const statements = async (stderr: string | Error, hosts = ['a', 'b', 'c']): Promise<string[]> =>
  (await pingObserver({ canaries: ['gw'], from: says(stderr).from }).observe(hosts)).map(
    ({ host, state, statement }) => `${host} ${state}: ${statement}`,
  );

test('one answer is a sign of life, none is silence, and what is not told of is unknown', async () => {
  expect(
    await statements('gw : 0.1 0.1 0.1\na  : - - 11.9\nb : - - -\nc: Name or service not known\n'),
  ).toEqual([
    'a up: a answered 1 of 3 echo requests',
    'b down: b was silent to 3 echo requests',
    'c unknown: c does not resolve',
  ]);
});

test.each([
  ['no canary answers', 'gw : - - -\na : - - -\n', 'eye sees nothing: gw did not answer either'],
  ['nothing is said', '', 'eye sees nothing: gw did not answer either'],
  [
    'rubbish is said',
    'gw : fast\nICMP Host Unreachable from 10.0.0.1\n',
    'eye sees nothing: gw did not answer either',
  ],
  ['there is no fping', new Error('fping: not found'), 'fping: not found'],
])('%s: unknown, not down', async (_, stderr, why) => {
  expect(await statements(stderr, ['a'])).toEqual([`a unknown: ${why}`]);
});

test('many are asked in parts, each with the canaries; nothing is taken for an option', async () => {
  const { from, commands } = says('gw : 0.1\n');
  const hosts = Array.from({ length: 1_200 }, (_, at) => `h${at}`);
  expect(await pingObserver({ canaries: ['gw'], from }).observe(hosts)).toHaveLength(1_200);
  expect(commands.map((command) => command.slice(command.indexOf('--') + 1).length)).toEqual([501, 501, 201]);
  for (const bad of ['-f', '', 'a b', '$(x)', 'a\nb']) {
    expect(() => pingObserver({ canaries: [bad], from })).toThrow('address');
    await expect(pingObserver({ canaries: ['gw'], from, address: () => bad }).observe(['a'])).rejects.toThrow(
      'address',
    );
  }
});

test('a round that is over is over', async () => {
  const { from, options } = says(new Error('aborted'));
  const stop = new AbortController();
  stop.abort(new Error('enough'));
  await expect(
    pingObserver({ canaries: ['gw'], from }).observe(['a'], { signal: stop.signal }),
  ).rejects.toThrow('enough');
  expect(options[0]?.signal).toBe(stop.signal);
});
