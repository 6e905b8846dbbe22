import path from 'node:path';
import { records, Secret, type ServiceSpec } from '@groundcrew/core';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { versionsText } from '../operations/arguments.ts';
import { readComments } from '../operations/comments.ts';
import { pageOf } from '../operations/page.ts';
import { isOptional, typeText } from '../operations/type-text.ts';

/** The part of a page that is about one operation. */
const section = (page: string, operation: string): string =>
  page.split('\n### ').find((part) => part.startsWith(`${operation}\n`)) ?? '';

describe('the page of a service', () => {
  test.each(Object.entries<ServiceSpec>(records))(
    '%s has every operation and every argument',
    (key, service) => {
      const page = pageOf(key, service, new Map());
      expect(page).not.toContain('undefined');
      for (const [name, { operations }] of Object.entries(service.resources)) {
        for (const [operation, { input, verb }] of Object.entries(operations)) {
          const text = section(page, `cloud.${key}.${name}.${operation}`);
          expect(text).toContain(`\`${verb} `);
          const fields = 'fields' in input ? Object.keys(input.fields) : [];
          for (const field of fields) expect(text).toContain(`| \`${field}\``);
        }
      }
    },
  );

  test('says of a list what it takes, where it goes, from which version on, and what the source says of it', () => {
    const comments = readComments(path.join(import.meta.dirname, '..', '..', 'packages', 'core'));
    const page = pageOf('compute', records.compute, comments.get('compute') ?? new Map());
    expect(page).toContain('\n## servers\n\nVirtual machines, and all that can be done to them.\n');
    const list = section(page, 'cloud.compute.servers.list');
    expect(list).toContain('`GET servers/detail`; an async iterable of the items');
    expect(list).toContain('Iterate over servers with all their fields, page by page');
    expect(list.match(/^\| `/gm)?.length).toBeGreaterThanOrEqual(40);
    expect(list).toContain('| `host` | `string` | query |  | The compute service. Administrators only. |');
    expect(list).toMatch(/\| `changes-before` \| `string` \| query \| from 2\.66 \|/);
    const create = section(page, 'cloud.compute.servers.create');
    expect(create).toContain('| `name` (required) | `string` | body |');
    expect(create).toMatch(/\| `personality` \|.*\| before 2\.57 \|/);
    expect(create).toContain('`adminPass` | `string \\| Secret`');
  });
});

test.each([
  ['string', z.string()],
  ['string | string[]', z.union([z.string(), z.array(z.string())]).optional()],
  ["'a' | 'b'", z.enum(['a', 'b'])],
  ["('a' | 'b')[]", z.array(z.enum(['a', 'b']))],
  ['string | null', z.string().nullable().optional()],
  [
    "{ id: string; 'os:x'?: integer }[]",
    z.array(z.strictObject({ id: z.string(), 'os:x': z.int().optional() })),
  ],
  ['{ [name]: string }', z.record(z.string(), z.string())],
  ['string | Secret', z.union([z.string(), z.instanceof(Secret)])],
  ['unknown', z.unknown()],
])('%s', (text, schema) => {
  expect(typeText(schema)).toBe(text);
});

test('an argument with a default may be left out', () => {
  expect(isOptional(z.string().default('x'))).toBe(true);
  expect(isOptional(z.string())).toBe(false);
});

test.each([
  ['from 2.26', [['2.26', z.string()]]],
  [
    'before 2.57',
    [
      ['0.0', z.string()],
      ['2.57', null],
    ],
  ],
  [
    'from 2.3, before 2.57',
    [
      ['2.3', z.string()],
      ['2.57', null],
    ],
  ],
  [
    'changed in 2.4, 2.9',
    [
      ['0.0', z.string()],
      ['2.4', z.int()],
      ['2.9', z.null()],
    ],
  ],
] as const)('%s', (text, steps) => {
  expect(versionsText({ kind: 'versioned', steps })).toBe(text);
});
