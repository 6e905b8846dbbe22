import { InputError, parseArguments, parseStrictly } from '@groundcrew/ground';
import { z } from 'zod';

/** The outcomes of an action, in CADF's words (DSP0262, outcome taxonomy). */
export const outcomes = ['success', 'failure', 'pending', 'unknown'] as const;
export type EventOutcome = (typeof outcomes)[number];

/**
 * Lone surrogates have no UTF-8, and PostgreSQL keeps no NUL: what a store cannot keep as it is, it would not find
 * again.
 */
const isKeepable = (value: string): boolean => value.isWellFormed() && !value.includes('\0');
const UNKEEPABLE = 'holds a lone surrogate or a NUL, which no store keeps';
const text = z.string().min(1).refine(isKeepable, UNKEEPABLE);
/**
 * The most characters of a key by which events are found. PostgreSQL refuses an entry of a B-tree beyond 2,704 bytes
 * (`BTMaxItemSize`, src/include/access/nbtree.h), and the widest index holds two of these.
 */
export const LONGEST_KEY = 256;
const key = text.max(LONGEST_KEY);

/** The user that did it. What a source does not tell is left out: `undefined` never means "nobody". */
const actor = z.object({
  user_id: key.optional(),
  user_name: key.optional(),
  project_id: key.optional(),
  project_name: text.optional(),
  domain_id: text.optional(),
  /** The user whose rights were used: for a trust, the trustor. */
  on_behalf_of: text.optional(),
  /** `application_credential`, `trust`, `ec2`, … and its id, where told. */
  by_means_of: z.object({ kind: text, id: text.optional() }).optional(),
  /** The address from which the request came, as the service saw it: behind a proxy that may be the proxy. */
  address: key.optional(),
  /** `User-Agent`. */
  agent: text.optional(),
});
export type Actor = z.output<typeof actor>;

/** On what. */
const target = z.object({
  /** `security_group_rule`, `server`, `volume`, `image`, `user`, …: the singular of the API's own name. */
  type: key,
  /** Left out while it has none yet (a request to create), or if the source does not tell. */
  id: key.optional(),
  name: text.optional(),
  project_id: text.optional(),
  /** `compute`, `network`, `block-storage`, `image`, `identity`, … */
  service: key.optional(),
  /** For one event about several things of this type (a bulk request): the ids of all of them; `id` is left out. */
  ids: z.array(key).optional(),
});
export type EventTarget = z.output<typeof target>;

const eventSchema = z.object({
  /** The source's own, so that what is delivered twice is kept once. */
  id: key,
  /** The time when it happened, by the source's clock; ISO 8601, UTC. */
  at: z.iso.datetime(),
  /** The place where it was heard: `rabbitmq lab/audit.info`, `file /var/log/audit.jsonl`, … */
  source: text,
  /**
   * The format that it had: `cadf`, `audit.http`, `nova.versioned`, `notification`, `instance-action`, `groundcrew`, …
   */
  kind: key,
  /** The verb: `create`, `update`, `delete`, `read`, `list`, `authenticate`, …, or the action's own name (`reboot`). */
  action: key,
  outcome: z.enum(outcomes),
  who: actor,
  target,
  /** All that lead to it: the service's own (`req-…`), and the global one where one was sent. */
  request_ids: z.array(key),
  /** For a failure: the HTTP status or the service's word, and the reason. */
  reason: z.object({ code: text.optional(), text: text.optional() }).optional(),
  /** Further facts: a rule's body, old and new state. JSON, without secrets. */
  // It is kept as JSON text alone, in which JSON.stringify() writes both as an escape (ECMA-262, QuoteJSONString).
  detail: z.record(z.string(), z.json()).optional(),
});

/** An event: who did what, on what, when, from where, and with which outcome. */
export type AuditEvent = z.output<typeof eventSchema>;

/** A store of events: the trail, or a test's list. */
export interface AuditSink {
  append(events: readonly AuditEvent[]): Promise<unknown>;
}

/**
 * Checks an event of a user's own source: its shape, that every store can keep its text (no lone surrogate, no NUL),
 * and that what it is found by has at most 256 characters.
 *
 * @throws InputError that names the field
 */
export const auditEvent = (event: unknown): AuditEvent => parseArguments('auditEvent', eventSchema, event);

/**
 * Checks several, each as `auditEvent`.
 *
 * @throws InputError that names the place and the field: `events.3.target.type`
 */
export function auditEvents(operation: string, events: unknown): readonly AuditEvent[] {
  parseArguments(operation, z.strictObject({ events: z.array(z.unknown()) }), { events });
  return (events as readonly unknown[]).map((event, index) =>
    parseStrictly(eventSchema, event, ({ field, message }) => {
      const place = field === '' ? `events.${index}` : `events.${index}.${field}`;
      return new InputError(`${operation}: ${place}: ${message}`, { field: place, operation });
    }),
  );
}

/** The ids of all that an event is about. */
export const targetIds = ({ target: { id, ids = [] } }: AuditEvent): readonly string[] => [
  ...new Set(id === undefined ? ids : [id, ...ids]),
];

/** Tells whether an event is of the trail itself: a redaction or a retirement. Nobody else may write such. */
export const isMaintenanceEvent = (event: AuditEvent): boolean =>
  event.kind === 'groundcrew' && event.target.type === 'trail';
