import { InputError } from '@groundcrew/ground';
import { expect, test } from 'vitest';
import { Templates } from '../../src/templates.ts';

function saved(): Record<string, unknown> {
  const templates = new Templates({ most: 2 });
  for (const message of ['Took 1 s', 'Took 2 s', 'Started', 'Stopped'])
    templates.add({ logger: 'nova.compute.manager', level: 'info', message, at: '2026-11-23 03:13:00' });
  return JSON.parse(JSON.stringify(templates)) as Record<string, unknown>;
}

/** The JSON with another value at a path. */
function withOther(path: string, value: unknown): unknown {
  const json: unknown = saved();
  const names = path.split('.');
  let object = json as Record<string, unknown>;
  for (const name of names.slice(0, -1)) object = object[name] as Record<string, unknown>;
  object[names.at(-1) ?? ''] = value;
  return json;
}

test.each([
  ['version', 2],
  ['most', 0],
  ['most', 1, 'templates'],
  ['misspelt', 1],
  ['largestId', 'short'],
  ['largestId', 'aaaaaaaaaaaa', 'templates.0.template.id'],
  ['overflow.times', 7],
  ['overflow.byLevel.info', -1],
  ['templates.1.template.text', 'Took <*> seconds', 'templates.1.template.id'],
  ['templates.1.template.id', '../../../etc'],
  ['templates.0.isKnown', 'yes'],
  ['templates.0.times', 1.5],
  ['templates.0.bytes', '8'],
  ['templates.0.byLevel.notice', 1],
  ['templates.0.first', '2027-01-01 00:00:00', 'templates.0.last'],
  ['templates.0.misspelt', 1],
])('%s = %j is refused by its field', (path, value, field = path) => {
  const error = refusal(withOther(path, value));
  expect(error).toBeInstanceOf(InputError);
  expect(error).toMatchObject({ field, operation: 'Templates.from' });
});

test('what is there twice is refused', () => {
  const json = saved() as { templates: unknown[] };
  expect(refusal({ ...json, most: 9, templates: [...json.templates, json.templates[0]] })).toMatchObject({
    field: 'templates.2.template.id',
  });
});

test.each([null, [], 'x', {}, undefined])('%j is no templates', (json) => {
  expect(refusal(json)).toMatchObject({ code: 'input', operation: 'Templates.from' });
});

test('what was saved is taken', () => {
  expect(JSON.stringify(Templates.from(saved()))).toBe(JSON.stringify(saved()));
});

test.each([
  [{ misspelt: 1 }, 'misspelt'],
  [{ most: 0 }, 'most'],
  [{ known: 3 }, 'known'],
  [{ known: [{ logger: 'nova' }] }, 'known.0.text'],
])('options %j are refused', (options, field) => {
  expect(caught(() => new Templates(options as object))).toMatchObject({ field, operation: 'Templates' });
});

test.each([{ misspelt: 1 }, { collapseAbove: 1 }, { collapseAbove: true }])(
  'counts(%j) is refused',
  (options) => {
    expect(caught(() => new Templates().counts(options as object))).toMatchObject({
      field: Object.keys(options)[0],
      operation: 'Templates.counts',
    });
  },
);

const refusal = (json: unknown): unknown => caught(() => Templates.from(json));

function caught(call: () => unknown): unknown {
  try {
    call();
  } catch (error) {
    return error;
  }
  return undefined;
}
