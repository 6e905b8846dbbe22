import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { MissingPackageError } from '@groundcrew/ground';
import { expect, test } from 'vitest';
import { unread } from '../../src/probing/ask.ts';

const src = fileURLToPath(new URL('../../src/', import.meta.url));
const manifest = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8')) as {
  readonly peerDependencies: Readonly<Record<string, string>>;
};
const peers = Object.keys(manifest.peerDependencies);

const files = (await readdir(src, { recursive: true })).filter((name) => name.endsWith('.ts'));
/** Code without types: those are gone at run time. */
const sources = await Promise.all(
  files.map(async (name) =>
    (await readFile(`${src}${name}`, 'utf8')).replaceAll(/typeof import\([^)]*\)/g, ''),
  ),
);

test.each(peers)('%s is imported when it is first needed, and is named where it is not installed', (peer) => {
  const imports = sources.flatMap(
    (source) => source.match(new RegExp(`^import (?!type )[^;]*'${peer}'|import\\('${peer}'\\)`, 'gm')) ?? [],
  );
  const optional = sources.flatMap(
    (source) =>
      source.match(
        new RegExp(`importOptional\\(\\s*'${peer}',\\s*\\(\\) => import\\('${peer}'\\),\\s*'`, 'g'),
      ) ?? [],
  );
  expect(optional.length).toBeGreaterThan(0);
  expect(imports).toHaveLength(optional.length);
});

test('a gap names the package that is not installed, and how it is installed', () => {
  const missing = new MissingPackageError('mysql2', 'Observing Galera', undefined);
  expect(unread('galera db-1:3306', missing)).toMatchObject({
    kind: 'failed',
    why: 'Observing Galera needs the package mysql2, which is not installed',
    remedy: 'Install it beside the package that uses it: npm install mysql2',
  });
});
