import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A `lab` command whose answers a test chooses: a shell script in a directory of its own. */
export interface FakeLab {
  readonly executable: string;
  readonly directory: string;
  /** The commands that it was given, one a line. */
  readonly calls: () => Promise<string[]>;
}

/** `body` is the part of a shell script that answers; `$1` is the command, `$DIR` a directory to remember things in. */
export async function fakeLab(body: string): Promise<FakeLab> {
  const directory = await mkdtemp(join(tmpdir(), 'fake-lab-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  const executable = join(directory, 'lab');
  await writeFile(executable, `#!/bin/sh\nDIR='${directory}'\necho "$*" >>"$DIR/calls"\n${body}\n`);
  await chmod(executable, 0o755);
  return {
    executable,
    directory,
    calls: async () => (await readFile(join(directory, 'calls'), 'utf8')).trim().split('\n'),
  };
}

export const STATUS = {
  directory: '/var/tmp/a-lab',
  cloudsYaml: '/var/tmp/a-lab/clouds.yaml',
  logs: '/var/tmp/a-lab/logs',
  busyWith: null,
  controlPlanes: [
    {
      name: 'lab',
      suite: 'bookworm',
      release: 'zed',
      authUrl: 'http://127.0.0.1:5000/v3',
      core: 'up',
      full: 'down',
    },
  ],
  daemons: [
    {
      name: 'infra.mariadb',
      controlPlane: 'infra',
      part: 'infra',
      state: 'up',
      pid: 101,
      port: 3306,
      rssKiB: 222216,
    },
    {
      name: 'lab.compute-1',
      controlPlane: 'lab',
      part: 'core',
      state: 'down',
      pid: null,
      port: null,
      rssKiB: 0,
    },
  ],
};

export const DOWN = { ...STATUS, cloudsYaml: null, controlPlanes: [], daemons: [] };

/** A shell command that prints a value as JSON. */
export const printJson = (value: unknown) => `printf '%s' '${JSON.stringify(value)}'`;
