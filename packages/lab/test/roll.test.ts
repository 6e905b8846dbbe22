import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';

const here = fileURLToPath(new URL('..', import.meta.url));

/** The lab's own functions, of which the one that starts a process tells its command instead. */
const SCRIPT = `
set -euo pipefail
HERE=$1 LAB_DIR=$2 IP=127.0.0.1
LAB_DEBUG=0 LAB_WORKERS=2 LAB_COMPUTES=3 LAB_PORT_OFFSET=0 LAB_FAKE_DRIVER= LAB_CHECK_SKIP= LAB_POLLING=lab
for part in "$HERE"/lib/*.sh "$HERE"/services/*.sh; do . "$part"; done
start() { printf '%s\\n' "$*"; }
shift 2
for name; do begin "$name"; done`;

/** A folder of state in which these services have forky's code; what programs trixie has is told by its files. */
async function state(rolled: readonly string[]): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'lab-roll-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await mkdir(path.join(folder, 'root-trixie/usr/bin'), { recursive: true });
  await writeFile(path.join(folder, 'root-trixie/usr/bin/nova-api-wsgi'), '');
  await mkdir(path.join(folder, 'lab-roll/code'), { recursive: true });
  for (const name of rolled) await writeFile(path.join(folder, 'lab-roll/code', name), 'forky\n');
  return folder;
}

/** The commands by which daemons would be started, by their names. */
async function commandsOf(
  rolled: readonly string[],
  daemons: readonly string[],
): Promise<Readonly<Record<string, string>>> {
  const folder = await state(rolled);
  const { stdout } = await promisify(execFile)('bash', ['-c', SCRIPT, '_', here, folder, ...daemons]);
  return Object.fromEntries(
    stdout
      .trim()
      .split('\n')
      .map((line) => {
        const [name = '', ...words] = line.replaceAll(folder, '').split(' ');
        return [name, words.join(' ')];
      }),
  );
}

test('a daemon of roll is started by the code that its service has on its host', async () => {
  const commands = await commandsOf(
    ['nova@ctl-1', 'nova@compute-2', 'neutron@lab-network'],
    [
      'lab-roll.nova-api@ctl-1',
      'lab-roll.nova-api@ctl-2',
      'lab-roll.nova-conductor@ctl-1',
      'lab-roll.compute-1',
      'lab-roll.compute-2',
      'lab-roll.neutron-agents',
      'lab-roll.cinder-volume',
    ],
  );
  const rootOf = (name: string) => /^chroot \/(\S+)/.exec(commands[`lab-roll.${name}`] ?? '')?.[1];
  expect([rootOf('nova-api@ctl-1'), rootOf('nova-api@ctl-2')]).toEqual(['root-forky', 'root-trixie']);
  expect([rootOf('compute-1'), rootOf('compute-2')]).toEqual(['root-trixie', 'root-forky']);
  expect([rootOf('neutron-agents'), rootOf('cinder-volume')]).toEqual(['root-forky', 'root-trixie']);
  // Each release by its own program, at a port of its own, under the name of its host.
  expect(commands['lab-roll.nova-api@ctl-1']).toMatch(
    /OS_DEFAULT__HOST=ctl-1 uwsgi .*--http-socket 127\.0\.0\.1:13874 --module nova\.wsgi\.osapi_compute /,
  );
  expect(commands['lab-roll.nova-api@ctl-2']).toMatch(
    /OS_DEFAULT__HOST=ctl-2 uwsgi .*--http-socket 127\.0\.0\.1:13974 --wsgi-file \/usr\/bin\/nova-api-wsgi /,
  );
  expect(commands['lab-roll.nova-conductor@ctl-1']).toMatch(
    /OS_DEFAULT__HOST=ctl-1 nova-conductor --config-file/,
  );
});

test('one name begins one daemon, and another control plane has one of each, without a host', async () => {
  expect(Object.keys(await commandsOf([], ['lab-roll.cinder-api@ctl-2']))).toEqual([
    'lab-roll.cinder-api@ctl-2',
  ]);
  const folder = await state([]);
  const script = SCRIPT.replace('for name; do begin "$name"; done', 'choose_plane trixie; nova_start');
  const { stdout } = await promisify(execFile)('bash', ['-c', script, '_', here, folder]);
  const lines = stdout.trim().split('\n');
  expect(lines.map((line) => line.split(' ')[0])).toEqual([
    'lab-trixie.nova-api',
    'lab-trixie.nova-conductor',
    'lab-trixie.nova-scheduler',
  ]);
  expect(stdout).not.toContain('OS_DEFAULT__HOST');
  expect(lines[0]).toContain('--http-socket 127.0.0.1:18774 ');
});
