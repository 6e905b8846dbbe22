import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as core from '../../src/index.ts';

const root = path.join(import.meta.dirname, '..', '..');
let built: string;
beforeAll(async () => {
  // Within the package, so that its dependencies are found from there.
  built = await mkdtemp(path.join(root, 'node_modules', '.built-'));
  const tsup = path.join(root, '..', '..', 'node_modules', '.bin', 'tsup');
  await promisify(execFile)(tsup, ['--silent', '--no-sourcemap', '--out-dir', built], { cwd: root });
});
afterAll(() => rm(built, { recursive: true, force: true }));

test('what is published makes no record when it is imported', async () => {
  const files = (await readdir(built)).filter((name) => name.endsWith('.js'));
  expect(files).toContain('index.js');
  const texts = await Promise.all(files.map((name) => readFile(path.join(built, name), 'utf8')));
  const made = texts
    .join('\n')
    .match(/^(?:var|const|let) \w+ = (?:resource|service|operation|answer|args)\(/gm);
  expect(made).toBeNull();
  // There are some, further in.
  expect(texts.join('\n')).toMatch(/^ +\w+ = resource\(/m);
});

test('its records are those of the source', async () => {
  const url = pathToFileURL(path.join(built, 'index.js')).href;
  const { records } = (await import(url)) as typeof core;
  expect(Object.keys(records)).toEqual(Object.keys(core.records));
  for (const [name, service] of Object.entries(core.records)) {
    const own = records[name as keyof typeof records];
    expect(operationsOf(own)).toEqual(operationsOf(service));
    // The same object each time: caches are kept by it.
    expect(records[name as keyof typeof records]).toBe(own);
  }
});

test('it has its reader of clouds.yaml in it, which is made when a file is read', async () => {
  const { loadCloud } = (await import(pathToFileURL(path.join(built, 'index.js')).href)) as typeof core;
  const readFileSync = (name: string): string => {
    if (name !== path.join('/it', 'clouds.yaml')) throw Object.assign(new Error('none'), { code: 'ENOENT' });
    return 'clouds: { prod: { auth: { auth_url: "http://it:5000/v3", token: t }, region_name: R } }';
  };
  const entry = loadCloud({ cloud: 'prod', env: {}, cwd: '/it', home: '/none', readFile: readFileSync });
  expect(entry.region_name).toBe('R');
  const files = (await readdir(built)).filter((name) => name.endsWith('.js'));
  for (const name of files)
    expect(await readFile(path.join(built, name), 'utf8'), name).not.toMatch(/from 'yaml'|import 'yaml'/);
});

/** What can be compared: a schema that was made twice is not the same schema. */
const operationsOf = (service: core.ServiceSpec): unknown =>
  Object.fromEntries(
    Object.entries(service.resources).map(([name, { operations, ...resource }]) => [
      name,
      { ...resource, operations: Object.fromEntries(Object.entries(operations).map(outlined)) },
    ]),
  );

const outlined = ([verb, spec]: [string, core.OperationSpec]) => [
  verb,
  { ...spec, input: core.isShape(spec.input) ? Object.keys(spec.input.fields) : '', output: '' },
];
