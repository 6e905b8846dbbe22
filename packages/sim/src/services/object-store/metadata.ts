import type { Call } from '../../call.ts';
import { because } from './swob.ts';

type Kind = 'Account' | 'Container' | 'Object';

/** The constraints of `swift/common/constraints.py`, in bytes. */
const MOST = { name: 128, value: 256, count: 90, all: 4096 };

/** The metadata that a request has in its headers, checked (`check_metadata` of `swift/common/constraints.py`). */
export function metadataOf(call: Call, kind: Kind): Record<string, string> {
  const prefix = `x-${kind.toLowerCase()}-meta-`;
  const found: Record<string, string> = {};
  let all = 0;
  for (const [header, value] of call.request.headers) {
    if (!header.startsWith(prefix)) continue;
    const name = header.slice(prefix.length);
    if (name === '') throw because(400, 'Metadata name cannot be empty');
    if (name.length > MOST.name) throw because(400, `Metadata name too long: ${prefix}${capitalised(name)}`);
    if (value.length > MOST.value)
      throw because(400, `Metadata value longer than ${MOST.value}: ${prefix}${capitalised(name)}`);
    found[name] = value;
    all += name.length + value.length;
    if (Object.keys(found).length > MOST.count)
      throw because(400, `Too many metadata items; max ${MOST.count}`);
    if (all > MOST.all) throw because(400, `Total metadata too large; max ${MOST.all}`);
  }
  return found;
}

/** A name as WSGI makes it of a header: each part of it has a capital. */
const capitalised = (name: string): string =>
  name
    .split('-')
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('-');

/** Adds what a request has, and takes away what it has empty or names to be removed. */
export function merge(call: Call, kind: Kind, into: Record<string, string>): void {
  for (const [name, value] of Object.entries(metadataOf(call, kind))) {
    if (value === '') delete into[name];
    else into[name] = value;
  }
  const prefix = `x-remove-${kind.toLowerCase()}-meta-`;
  for (const [header] of call.request.headers)
    if (header.startsWith(prefix)) delete into[header.slice(prefix.length)];
}

/** Metadata as headers of an answer. */
export const metadataHeaders = (
  kind: Kind,
  metadata: Readonly<Record<string, string>>,
): Record<string, string> =>
  Object.fromEntries(Object.entries(metadata).map(([name, value]) => [`X-${kind}-Meta-${name}`, value]));

/** Seconds since 1970, with five decimals. */
export const timestamp = (ms: number): string => (ms / 1000).toFixed(5);

/** The second in which something was, or the next one if it was in its middle, as `Last-Modified` has it. */
export const lastModified = (ms: number): string => new Date(Math.ceil(ms / 1000) * 1000).toUTCString();

/** `2026-01-01T00:00:00.000000`, as lists have it. */
export const momentOf = (ms: number): string => `${new Date(ms).toISOString().slice(0, 23)}000`;
