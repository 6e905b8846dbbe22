/** Writes a page for each service into `docs/api/operations`: its operations, and the arguments of each, from the records. */
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { records, type ServiceSpec } from '@groundcrew/core';
import { readComments } from './comments.ts';
import { pageOf } from './page.ts';

const docs = path.join(import.meta.dirname, '..');
const out = path.join(docs, 'api', 'operations');
const comments = readComments(path.join(docs, '..', 'packages', 'core'));
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const index = ['# Operations', '', 'What each service can be asked, as the records declare it.', ''];
for (const [key, service] of Object.entries<ServiceSpec>(records)) {
  const page = pageOf(key, service, comments.get(key) ?? new Map());
  writeFileSync(path.join(out, `${key}.md`), page);
  const count = page.split('\n### ').length - 1;
  index.push(`- [cloud.${key}](${key}.md): ${count} operations`);
  console.log(`${key}: ${count} operations`);
}
writeFileSync(path.join(out, 'README.md'), `${index.join('\n')}\n`);
appendFileSync(
  path.join(docs, 'api', 'README.md'),
  '\n## Operations\n\n- [What each service can be asked](operations/README.md), with the arguments\n',
);
