import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { asLogged, EPOXY, GAZPACHO } from './release-lines.ts';

const head = (day: string, level: string, logger: string): string =>
  `2026-11-${day} 03:13:00.264 10932 ${level} ${logger} [-] `;

const log = (day: string, more: readonly string[], level = 'INFO'): string =>
  [
    `${head(day, 'INFO', 'nova.compute.manager')}[instance: 6f3a-1c9e] Took 9.8 seconds to build instance.`,
    `${head(day, 'INFO', 'nova.compute.manager')}[instance: 7f3a-1c9e] Took 10.8 seconds to build instance.`,
    `${head(day, 'INFO', 'nova.compute.manager')}[instance: 7f3a-1c9e] Terminating instance`,
    `${head(day, 'INFO', 'nova.compute.manager')}[instance: 6f3a-1c9e] Terminating instance`,
    `${head(day, level, 'nova.scheduler')}Host compute-1 has more disk space than expected`,
    ...more,
    '',
  ].join('\n');

test('the code of templates in the README runs, and says what it says there', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const code =
    [...readme.matchAll(/```ts\n([^]*?)```/g)].find(([block]) => block.includes('/templates'))?.[1] ?? '';
  const folder = await mkdtemp(path.join(tmpdir(), 'templates-readme-'));
  try {
    await mkdir(path.join(folder, 'logs'));
    await writeFile(path.join(folder, 'logs', '2025.1.log'), log('23', []));
    const failed = `${head('24', 'ERROR', 'nova.compute.manager')}[instance: 6f3a-1c9e] Instance failed to spawn`;
    await writeFile(path.join(folder, 'logs', '2026.1.log'), log('24', [failed], 'WARNING'));
    const said = await run(`process.chdir(${JSON.stringify(folder)});\n${code}`);
    const wanted = [...code.matchAll(/^\/\/ (.*)$/gm)].map(([, line]) => line ?? '');
    expect(wanted).toHaveLength(4);
    for (const line of wanted) expect(said.split('\n')).toContain(line);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test('the list of a hop is what the README says it is', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const code =
    [...readme.matchAll(/```ts\n([^]*?)```/g)].find(([block]) => block.includes('releaseNews('))?.[1] ?? '';
  const folder = await mkdtemp(path.join(tmpdir(), 'hop-readme-'));
  try {
    for (const [release, lines] of [
      ['2025.1', EPOXY],
      ['2026.1', GAZPACHO],
    ] as const) {
      await mkdir(path.join(folder, 'logs', release), { recursive: true });
      await writeFile(path.join(folder, 'logs', release, 'all.log'), `${asLogged(lines).join('\n')}\n`);
    }
    const said = await run(`process.chdir(${JSON.stringify(folder)});\n${code}`);
    const wanted = [...code.matchAll(/^\/\/ (.*)$/gm)].map(([, line]) => line ?? '');
    expect(wanted).toHaveLength(5);
    for (const line of wanted) expect(said.split('\n')).toContain(line);
  } finally {
    await rm(folder, { recursive: true });
  }
}, 60_000);

const run = (code: string): Promise<string> =>
  new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      ['--conditions=@groundcrew/source', '--input-type=module-typescript', '--eval', code],
      { cwd: fileURLToPath(new URL('../..', import.meta.url)), timeout: 240_000 },
      (error, stdout) => (error === null ? resolve(stdout) : reject(error)),
    );
  });
