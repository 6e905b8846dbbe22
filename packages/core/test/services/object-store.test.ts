import { describe, expect, test } from 'vitest';
import { fieldsOfHeaders } from '../../src/call/header-fields.ts';
import { serializeArguments } from '../../src/call/serialize-arguments.ts';
import { isInputError } from '../../src/index.ts';
import { type OperationSpec, slotsOf } from '../../src/record/operation.ts';
import { schemaAt } from '../../src/record/shape.ts';
import { objectStore } from '../../src/services/object-store/object-store.ts';

const { account, containers, objects } = objectStore.resources;

const serialize = (spec: OperationSpec, input: object) => serializeArguments(spec, 'operation', '0.0', input);
const errorOf = (work: () => unknown): unknown => {
  try {
    return work();
  } catch (error) {
    return error;
  }
};

test.each(
  Object.values(objectStore.resources).flatMap((resource) =>
    Object.entries(resource.operations).map(
      ([name, spec]) => [`${resource.name}.${name}`, spec as OperationSpec] as const,
    ),
  ),
)('%s takes what its path names', (_, spec) => {
  const schema = schemaAt(spec.input, '0.0');
  const given = Object.fromEntries(slotsOf(spec.path).map((slot) => [slot, 'x']));
  const refused = schema?.safeParse({ ...given, nonsense: 1 });
  expect(refused?.error?.issues.some((issue) => issue.code === 'unrecognized_keys')).toBe(true);
  for (const slot of slotsOf(spec.path)) {
    const { [slot]: _missing, ...rest } = given;
    expect(schema?.safeParse(rest).error?.issues.map(({ path }) => path[0])).toContain(slot);
  }
});

describe('what is sent', () => {
  test.each([
    ['a/b', 'c/a%2Fb'],
    ['ü %#?', 'c/%C3%BC%20%25%23%3F'],
    ['a/../b', 'c/a%2F..%2Fb'],
  ])('the name %j is one segment', (object, path) => {
    expect(serialize(objects.operations.get, { container: 'c', object }).path).toBe(path);
  });

  test('an account has no path of its own, and a list begins with its first page', () => {
    expect(serialize(account.operations.get, {}).path).toBe('');
    expect(serialize(containers.operations.list, { limit: 2, prefix: 'a b' }).path).toBe(
      '?limit=2&prefix=a+b',
    );
  });

  test('metadata is a header for each name, in UTF-8; there is no body, whose type would be taken for the object’s', () => {
    const sent = serialize(objects.operations.update, {
      container: 'c',
      object: 'o',
      metadata: { Owner: 'Jürgen €', empty: '' },
      'X-Delete-At': 1_800_000_000,
    });
    expect(sent.headers).toEqual({
      'x-object-meta-owner': 'JÃ¼rgen â\u0082¬',
      'x-object-meta-empty': '',
      'x-delete-at': '1800000000',
    });
    expect(sent.body).toBeUndefined();
  });

  test.each([
    [{ 'a b': '1' }, /no name of a header/],
    [{ ü: '1' }, /no name of a header/],
    [{ a: 'x\r\nX-Evil: 1' }, /line feed/],
    [{ a: '\uD800' }, /half of a surrogate pair/],
  ])('metadata that no header can carry is refused: %j', (metadata, why) => {
    const error = errorOf(() => serialize(containers.operations.create, { container: 'c', metadata }));
    expect(isInputError(error) && error.message).toMatch(why);
  });
});

describe('what is answered', () => {
  const decode = (spec: OperationSpec, headers: Record<string, string>): unknown =>
    (spec.output === undefined ? undefined : schemaAt(spec.output, '0.0'))?.parse(
      fieldsOfHeaders(spec, new Headers(headers)),
    );

  /** As Swift 2.30 answers HEAD. */
  const container = {
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Container-Object-Count': '3',
    'X-Container-Bytes-Used': '12345678901',
    'X-Timestamp': '1764500000.12345',
    'X-Storage-Policy': 'Policy-0',
    'X-Container-Meta-Quota-Bytes': '100',
    'X-Container-Meta-Owner': 'JÃ¼rgen',
    'X-Trans-Id': 'tx1',
  };

  test('fields are headers, numbers are numbers, and metadata is text', () => {
    expect(decode(containers.operations.get, container)).toEqual({
      'X-Container-Object-Count': 3,
      'X-Container-Bytes-Used': 12_345_678_901,
      'X-Timestamp': '1764500000.12345',
      'X-Storage-Policy': 'Policy-0',
      metadata: { 'quota-bytes': '100', owner: 'Jürgen' },
    });
  });

  test('metadata that is no UTF-8 stays as it came, and no name of it is a prototype', () => {
    const odd = { ...container, 'X-Container-Meta-Owner': 'J\u00FCrgen', 'X-Container-Meta-__proto__': 'x' };
    const { metadata } = decode(containers.operations.get, odd) as { metadata: Record<string, string> };
    expect(metadata['owner']).toBe('J\u00FCrgen');
    expect(Object.hasOwn({}, 'x')).toBe(false);
    expect(Object.getPrototypeOf(metadata)).toBe(Object.prototype);
  });

  test.each(['X-Container-Object-Count', 'X-Container-Bytes-Used'])(
    'a container is none without its %s',
    (name) => {
      const { [name]: _missing, ...rest } = container as Record<string, string>;
      expect(() => decode(containers.operations.get, rest)).toThrow(name);
      expect(() => decode(containers.operations.get, { ...rest, [name]: 'many' })).toThrow(/whole number/);
    },
  );

  test('an object in a list has a name and a hash, a level of it has prefixes as well', () => {
    const schema = schemaAt(objects.operations.listLevel.output, '0.0');
    const listed = { name: 'a', bytes: 1, hash: 'h', last_modified: '2026-11-30T04:00:00.000000' };
    expect(schema?.parse({ subdir: 'd/' })).toEqual({ subdir: 'd/' });
    expect(schema?.parse(listed)).toMatchObject({ last_modified: '2026-11-30T04:00:00.000000Z' });
    expect(schema?.safeParse({ bytes: 1 }).success).toBe(false);
  });
});
