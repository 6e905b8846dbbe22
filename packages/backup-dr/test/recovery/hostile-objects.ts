/** Names that break what takes an object for a file, and that all are objects. */
export const HOSTILE = [
  'a',
  'a/b',
  '/root',
  '../../etc/passwd',
  'folder/',
  '//',
  '100%',
  'ünïcödé 😀',
  'one\ntwo',
  'x'.repeat(1_000),
];

export const hostileBytes = (name: string): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(`bytes of ${name}`);
