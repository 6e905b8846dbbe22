import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import { expect, onTestFinished, test } from 'vitest';
import { isGroundcrewError } from '../src/errors.ts';
import { importOptional } from '../src/optional-package.ts';

/** What Node itself says when a module imports `specifier`; vitest resolves imports in a way of its own. */
async function nodeFails(specifier: string): Promise<Error> {
  const folder = await mkdtemp(path.join(tmpdir(), 'optional-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const installed = path.join(folder, 'node_modules', '@scope', 'there');
  await mkdir(installed, { recursive: true });
  await writeFile(path.join(installed, 'package.json'), '{ "type": "module", "exports": "./index.js" }');
  await writeFile(path.join(installed, 'index.js'), "import 'its-own-dependency';");
  const file = path.join(folder, 'importer.mjs');
  await writeFile(file, `import ${JSON.stringify(specifier)};`);
  const worker = new Worker(new URL(pathToFileURL(file)));
  return new Promise((resolve) => worker.once('error', (error) => resolve(error as Error)));
}

test('a package that is not installed is named, with what to do', async () => {
  const cause = await nodeFails('@scope/not-there/entry');
  const error = await importOptional(
    '@scope/not-there',
    () => Promise.reject(cause),
    'A demonstration',
  ).catch((thrown: unknown) => thrown);
  expect(isGroundcrewError(error)).toBe(true);
  expect(error).toMatchObject({
    code: 'missing-package',
    packageName: '@scope/not-there',
    message: 'A demonstration needs the package @scope/not-there, which is not installed',
    remedy: expect.stringContaining('npm install @scope/not-there') as string,
    cause,
  });
});

test('a package that is there, and lacks one itself, is not what is missing', async () => {
  const cause = await nodeFails('@scope/there');
  expect(cause).toMatchObject({ code: 'ERR_MODULE_NOT_FOUND' });
  await expect(importOptional('@scope/there', () => Promise.reject(cause), 'It')).rejects.toBe(cause);
});

test('a package that fails by itself fails as it did', async () => {
  const cause = new TypeError('Cannot find package');
  await expect(importOptional('x', () => Promise.reject(cause), 'It')).rejects.toBe(cause);
});

test('a package that is installed is handed on', async () => {
  const module = { answer: 42 };
  await expect(importOptional('x', () => Promise.resolve(module), 'It')).resolves.toBe(module);
});
