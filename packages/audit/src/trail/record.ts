import { createHmac, hash, randomBytes } from 'node:crypto';
import { GroundcrewError } from '@groundcrew/ground';
import type { AuditEvent } from './event.ts';

/**
 * The parts into which an event is split, so that each can be removed later and the chain still holds: the record's
 * hash covers a salted commitment to each part, not the part itself.
 */
export const redactableParts = ['person', 'project', 'place', 'target', 'reason', 'detail'] as const;
export type RedactablePart = (typeof redactableParts)[number];

/** One part: what the hash covers, and what it stands for unless it was redacted. */
export interface Part {
  /** SHA-256 of salt and text, hexadecimal. */
  readonly commitment: string;
  /** Without it nobody can try out which text it was. */
  readonly salt?: string | undefined;
  /** JSON. */
  readonly text?: string | undefined;
}

export type Parts = Partial<Record<RedactablePart, Part>>;

/** An event as a store keeps it. */
export interface StoredRecord {
  /** From 1, without gaps. */
  readonly seq: number;
  /**
   * The time when it was written down, by the trail's clock: milliseconds since 1970, never less than the one before.
   */
  readonly recorded: number;
  /** JSON of what cannot be redacted: what happened to which kind of thing, when, heard where. */
  readonly core: string;
  readonly parts: Parts;
  /** The hash over this record and the one before, hexadecimal. */
  readonly hash: string;
  /** Its parts are not the characters that were written, and it is given without them. */
  readonly unsound?: true | undefined;
}

/** The last record's place, which the next one continues. */
export interface ChainHead {
  readonly seq: number;
  readonly hash: string;
  readonly recorded: number;
}

/** A record that is not what was written. */
class RecordError extends GroundcrewError {
  readonly code = 'trail.unreadable-record';
}

interface Core {
  readonly id: string;
  readonly at: string;
  readonly source: string;
  readonly kind: string;
  readonly action: string;
  readonly outcome: AuditEvent['outcome'];
  readonly target: { readonly type: string; readonly service?: string };
  readonly request_ids: readonly string[];
}

/** The head with which a trail begins: no record of another trail continues it. */
export const genesis = (trailId: string): ChainHead => ({
  seq: 0,
  hash: hash('sha256', `groundcrew trail 1\n${trailId}`),
  recorded: 0,
});

/** The next record of a chain. */
export function recordOf(
  event: AuditEvent,
  head: ChainHead,
  recorded: number,
  key: Buffer | undefined,
): StoredRecord {
  const { id, at, source, kind, action, outcome, target, request_ids } = event;
  const { type, service } = target;
  const core = JSON.stringify({
    id,
    at,
    source,
    kind,
    action,
    outcome,
    target: { type, service },
    request_ids,
  });
  const parts: Parts = {};
  for (const [name, value] of Object.entries(valuesOf(event)) as [RedactablePart, object][]) {
    const text = JSON.stringify(value);
    if (text === '{}') continue;
    const salt = randomSalt();
    parts[name] = { commitment: hash('sha256', `${salt}\n${text}`), salt, text };
  }
  const bare = { seq: head.seq + 1, recorded: Math.max(recorded, head.recorded), core, parts };
  return { ...bare, hash: hashOf(bare, head.hash, key) };
}

/** Computes the hash of a record. With a key, nobody can make it anew who has only the store. */
export function hashOf(
  { seq, recorded, core, parts }: Omit<StoredRecord, 'hash'>,
  previous: string,
  key: Buffer | undefined,
): string {
  let text = `${previous}\n${seq}\n${recorded}\n${core}`;
  for (const name of redactableParts) {
    const part = parts[name];
    if (part !== undefined) text += `\n${name} ${part.commitment}`;
  }
  return key === undefined ? hash('sha256', text) : createHmac('sha256', key).update(text).digest('hex');
}

/** Puts the event together again, without the parts that were redacted. @throws RecordError if it is no event */
export function eventOf(record: StoredRecord): { event: AuditEvent; redacted: RedactablePart[] } {
  if (record.unsound) throw new RecordError('its parts are not what was written');
  const core = jsonOf(record.core, 'core') as Core;
  if (!Array.isArray(core.request_ids)) throw new RecordError('its core is no event');
  const redacted: RedactablePart[] = [];
  const values: Partial<Record<RedactablePart, Record<string, unknown>>> = {};
  for (const name of redactableParts) {
    const part = record.parts[name];
    if (part === undefined) continue;
    if (part.text === undefined) redacted.push(name);
    else values[name] = jsonOf(part.text, name) as Record<string, unknown>;
  }
  const { id, at, source, kind, action, outcome, request_ids } = core;
  const event = {
    id,
    at,
    source,
    kind,
    action,
    outcome,
    who: { ...values.person, ...values.project, ...values.place },
    target: { ...core.target, ...values.target },
    request_ids,
    ...(values.reason === undefined ? {} : { reason: values.reason }),
    ...(values.detail === undefined ? {} : { detail: values.detail }),
  };
  // It was checked when it was written, and its hash says that it is the same.
  return { event: event as AuditEvent, redacted };
}

/** The record as it is when these parts are taken out. */
export const withoutParts = (record: StoredRecord, names: readonly RedactablePart[]): StoredRecord => ({
  ...record,
  parts: Object.fromEntries(
    Object.entries(record.parts).map(([name, part]) => [
      name,
      names.includes(name as RedactablePart) ? { commitment: part.commitment } : part,
    ]),
  ),
});

/** Parts as a store has them; `undefined` if these are not the characters that were written, whatever they are. */
export function partsIn(text: string): Parts | undefined {
  try {
    const parts: unknown = JSON.parse(text);
    return isParts(parts) && JSON.stringify(parts) === text ? parts : undefined;
  } catch {
    return undefined;
  }
}

function isParts(value: unknown): value is Parts {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  return Object.entries(value).every(([name, part]: [string, unknown]) => {
    if (!redactableParts.includes(name as RedactablePart) || typeof part !== 'object' || part === null)
      return false;
    const { commitment, salt, text } = part as Part;
    const isRedacted = salt === undefined && text === undefined;
    return (
      typeof commitment === 'string' &&
      (isRedacted || (typeof text === 'string' && typeof salt === 'string')) &&
      Object.keys(part).length === (isRedacted ? 1 : 3)
    );
  });
}

/** Tells whether a part matches its commitment. A redacted one says nothing. */
export const holds = ({ commitment, salt, text }: Part): boolean =>
  text === undefined || hash('sha256', `${salt ?? ''}\n${text}`) === commitment;

function valuesOf({ who, target, reason, detail }: AuditEvent): Record<RedactablePart, object> {
  const { user_id, user_name, domain_id, on_behalf_of, by_means_of, project_id, project_name } = who;
  return {
    person: { user_id, user_name, domain_id, on_behalf_of, by_means_of },
    project: { project_id, project_name },
    place: { address: who.address, agent: who.agent },
    target: { id: target.id, name: target.name, project_id: target.project_id, ids: target.ids },
    reason: reason ?? {},
    detail: detail ?? {},
  };
}

function jsonOf(text: string, what: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null) return value;
  } catch (cause) {
    throw new RecordError(`its ${what} is no JSON`, { cause });
  }
  throw new RecordError(`its ${what} is no object`);
}

// Random bytes are dear one by one.
const POOL = 16 * 256;
let pool = Buffer.alloc(0);
function randomSalt(): string {
  if (pool.length < 16) pool = randomBytes(POOL);
  const salt = pool.toString('hex', 0, 16);
  pool = pool.subarray(16);
  return salt;
}
