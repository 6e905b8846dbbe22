import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

test('the lines of the README on the dossier run, wherever that is', async () => {
  const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');
  const code = [...readme.matchAll(/```ts\n([^]*?)```/g)].find(([, block = '']) =>
    block.includes('dossierOf'),
  )?.[1];
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--conditions=@groundcrew/source', '--input-type=module-typescript', '--eval', code ?? ''],
    { cwd: import.meta.dirname },
  );
  expect(stderr).toBe('');
  const promised = [...(code ?? '').matchAll(/^\/\/ {3}((?:known|call): .+)$/gm)].map(
    ([, line = '']) => line,
  );
  expect(promised).toHaveLength(2);
  for (const line of promised) expect(stdout).toContain(line);
});
