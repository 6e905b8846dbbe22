import { brotliCompressSync, gzipSync } from 'node:zlib';

/** An answer that a broken or hostile server gives. */
export interface HostileBody {
  readonly name: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Made when it is asked for: together they are larger than a process should be. */
  readonly body: () => Buffer;
  /** How often the body is sent, one after the other. @default 1 */
  readonly times?: number;
}

const LENGTH = 200 * 1024;
const MIB = 1024 * 1024;

const filled = (part: string, before = '', after = ''): (() => Buffer) => {
  const room = LENGTH - before.length - after.length;
  return () => Buffer.from(before + part.repeat(Math.ceil(room / part.length)).slice(0, room) + after);
};
const error = (name: string, body: () => Buffer, status = 500): HostileBody => ({ name, status, body });

const nested = (open: string, close: string, depth: number): Buffer =>
  Buffer.from(open.repeat(depth) + close.repeat(depth));
const blanks = (mebibytes: number): Buffer => Buffer.alloc(mebibytes * MIB, ' ');

/** Errors of 200 KiB on which a careless pattern takes quadratic time, and bodies without a measure. */
export const hostileBodies: readonly HostileBody[] = [
  error('a page of `<`', filled('<')),
  error('titles that never end', filled('<title')),
  error('scripts that never end', filled('<script')),
  error('scripts within scripts', filled('<script>', '<html>')),
  error('headings within bodies', filled('<body><h1>')),
  error('closing tags of nothing', filled('</', '<html>')),
  error('a page of blanks', filled(' ', '<html>', 'x')),
  error('a page of entities', filled('&amp', '<html>')),
  error('webob, and lines of blanks', filled('\n ', '404 Not Found'), 404),
  error('JSON of escaped quotes', filled(String.raw`\"`, '{"message": "', '"}')),
  error('JSON of escapes', filled(String.raw`\u0070`, '{"message": "', '"}')),
  error('per cent', filled('%25%32')),
  error('errors within errors', () => nested('{"error_message":', '}', 50_000 / 5)),
  error('lists within lists', () => nested('{"errors":[', ']}', 15_000)),
  error('one word', filled('x')),
  error('names of passwords', filled('password=')),
  error('URLs without an end', filled('a://x:')),
  error('private keys without an end', filled('-----BEGIN PRIVATE KEY-----')),
  error('beginnings of tokens', filled('eyJ-')),
  { name: 'an error of 100 MiB', status: 500, body: () => Buffer.alloc(MIB, 'x'), times: 100 },
  {
    name: 'an error that decompresses to 200 MiB (gzip)',
    status: 500,
    headers: { 'content-encoding': 'gzip' },
    body: () => gzipSync(blanks(200)),
  },
  {
    name: 'an error that decompresses to 200 MiB (brotli)',
    status: 500,
    headers: { 'content-encoding': 'br' },
    body: () => brotliCompressSync(blanks(200)),
  },
  {
    name: 'an error that decompresses twice to 200 MiB',
    status: 500,
    headers: { 'content-encoding': 'gzip, gzip' },
    body: () => gzipSync(gzipSync(blanks(200))),
  },
  { name: 'a page where JSON was asked for', status: 200, body: filled('<html><body>') },
  { name: 'lists within lists where a server was', status: 200, body: () => nested('[', ']', 100_000) },
];

/** What an honest service answers in as many bytes: an error of Nova's, in words of which none is a secret's name. */
export function plainBody(length: number): Buffer {
  const [before, after] = ['{"computeFault": {"code": 500, "message": "', '"}}'];
  const words = 'The host did not answer. '.repeat(length / 25 + 1);
  return Buffer.from(before + words.slice(0, Math.max(0, length - before.length - after.length)) + after);
}
