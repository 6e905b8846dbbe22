import type { Level } from '../level.ts';

/**
 * The head of a line in oslo.log's default layout with a context, found in its bytes:
 * `2026-11-23 03:13:00.264 10924 INFO cinder.rpc [None req-… - -] message`. What has another layout, and the lines of a
 * traceback, which have no context, are left to the reader of text.
 *
 * One is used for all lines: it holds what the last `find` found.
 */
export class PlainHead {
  level: Level = 'info';
  /** Behind the time. */
  timeEnd = 0;
  /** The number of the process; both are 0 where there is none. */
  pidStart = 0;
  pidEnd = 0;
  contextStart = 0;
  contextEnd = 0;
  /** Places in the bytes that were given; each end is behind the last byte. */
  loggerStart = 0;
  loggerEnd = 0;
  messageStart = 0;

  /** Takes over what another has found. */
  copy(other: PlainHead): void {
    this.level = other.level;
    this.timeEnd = other.timeEnd;
    this.pidStart = other.pidStart;
    this.pidEnd = other.pidEnd;
    this.contextStart = other.contextStart;
    this.contextEnd = other.contextEnd;
    this.loggerStart = other.loggerStart;
    this.loggerEnd = other.loggerEnd;
    this.messageStart = other.messageStart;
  }

  /** Tells whether the line has such a head. */
  find(bytes: Uint8Array, start: number, end: number): boolean {
    // The shortest one: the time, a level, a logger of one letter and `[-]`.
    if (end - start < 30 || !hasDate(bytes, start)) return false;
    let at = afterFraction(bytes, start + 19);
    if (bytes[at] !== BLANK) return false;
    this.timeEnd = at;
    at += 1;
    this.pidStart = 0;
    this.pidEnd = 0;
    if (isDigit(bytes[at])) {
      this.pidStart = at;
      at = afterDigits(bytes, at);
      this.pidEnd = at;
      if (bytes[at] !== BLANK) return false;
      at += 1;
    }
    const level = levelAt(bytes, at);
    if (level === undefined) return false;
    this.level = level.level;
    this.loggerStart = at + level.length + 1;
    at = this.loggerStart;
    while (at < end && IN_LOGGER[bytes[at] ?? 0] === 1) at += 1;
    this.loggerEnd = at;
    if (at === this.loggerStart || bytes[at] !== BLANK || bytes[at + 1] !== OPENING) return false;
    return this.#closeContext(bytes, at + 2, end);
  }

  /** The context is up to the first bracket. An instance is none, and a line of a traceback may begin with another bracket. */
  #closeContext(bytes: Uint8Array, start: number, end: number): boolean {
    if (!isContext(bytes, start)) return false;
    let at = start;
    while (at < end && bytes[at] !== CLOSING) at += 1;
    if (at + 1 < end && bytes[at + 1] !== BLANK) return false;
    this.contextStart = start;
    this.contextEnd = at;
    this.messageStart = Math.min(at + 2, end);
    return at < end;
  }
}

/** How a context begins: without a request, without a global id, with the id of a request. */
function isContext(bytes: Uint8Array, start: number): boolean {
  const first = bytes[start];
  if (first === REQUEST[0]) return isAt(REQUEST, bytes, start);
  const end = first === DASH ? start + 1 : isAt(NONE, bytes, start) ? start + NONE.length : -1;
  return end !== -1 && (bytes[end] === CLOSING || bytes[end] === BLANK);
}

function isAt(wanted: Uint8Array, bytes: Uint8Array, start: number): boolean {
  for (let index = 0; index < wanted.length; index += 1)
    if (bytes[start + index] !== wanted[index]) return false;
  return true;
}

const REQUEST = Buffer.from('req-');
const NONE = Buffer.from('None');
const DASH = 0x2d;
const BLANK = 0x20;
const OPENING = 0x5b;
const CLOSING = 0x5d;

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 0x30 && byte <= 0x39;

/** `dddd-dd-dd dd:dd:dd`, with a `T` in the middle as well. */
function hasDate(bytes: Uint8Array, start: number): boolean {
  for (let index = 0; index < DATE.length; index += 1) {
    const byte = bytes[start + index] ?? 0;
    const wanted = DATE[index];
    if (wanted === 0 ? !isDigit(byte) : byte !== wanted && !(index === 10 && byte === LETTER_T)) return false;
  }
  return true;
}

const LETTER_T = 0x54;
/** What stands in each place; 0 is a digit. */
const DATE = Uint8Array.from('0000-00-00 00:00:00', (character) =>
  character === '0' ? 0 : character.charCodeAt(0),
);

function afterFraction(bytes: Uint8Array, at: number): number {
  const isFraction = (bytes[at] === 0x2e || bytes[at] === 0x2c) && isDigit(bytes[at + 1]);
  return isFraction ? afterDigits(bytes, at + 1) : at;
}

function afterDigits(bytes: Uint8Array, from: number): number {
  let at = from;
  while (isDigit(bytes[at])) at += 1;
  return at;
}

interface Name {
  readonly level: Level;
  readonly bytes: Uint8Array;
  readonly length: number;
}

const name = (text: string, level: Level): Name => ({
  level,
  bytes: Buffer.from(`${text} `),
  length: text.length,
});

/** The names that oslo.log writes (`oslo_log/handlers.py` for AUDIT and TRACE). Another one is left to the reader of text. */
const NAMES: readonly Name[] = [
  name('INFO', 'info'),
  name('DEBUG', 'debug'),
  name('WARNING', 'warning'),
  name('ERROR', 'error'),
  name('CRITICAL', 'critical'),
  name('AUDIT', 'info'),
  name('TRACE', 'trace'),
];

function levelAt(bytes: Uint8Array, at: number): Name | undefined {
  for (const level of NAMES) {
    let index = 0;
    while (index <= level.length && bytes[at + index] === level.bytes[index]) index += 1;
    if (index > level.length) return level;
  }
  return undefined;
}

/** Whether a byte may stand in the name of a logger, as the reader of text has it: `[\w.$-]`. */
const IN_LOGGER = new Uint8Array(256);
for (const character of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.$-')
  IN_LOGGER[character.charCodeAt(0)] = 1;
