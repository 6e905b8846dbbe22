import type { AuditEvent, EventOutcome } from './event.ts';

type OneOrMore<T> = T | readonly T[];

/** Selects events; a field that is left out does not matter. Times are ISO 8601. */
export interface TrailQuery {
  /** The verb: `create`, `delete`, … */
  readonly did?: OneOrMore<string> | undefined;
  /** On what: a thing by its id, or all things of a type. */
  readonly to?: { readonly type?: string | undefined; readonly id?: string | undefined } | undefined;
  readonly by?:
    | {
        readonly user_id?: string | undefined;
        readonly user_name?: string | undefined;
        readonly project_id?: string | undefined;
        readonly address?: string | undefined;
      }
    | undefined;
  readonly service?: OneOrMore<string> | undefined;
  readonly kind?: OneOrMore<string> | undefined;
  readonly outcome?: OneOrMore<EventOutcome> | undefined;
  readonly request_id?: string | undefined;
  /** Selects events from this time on, by the time that their source tells. */
  readonly from?: string | undefined;
  /** And before this time. */
  readonly until?: string | undefined;
  /** @default 'oldest' */
  readonly first?: 'oldest' | 'newest' | undefined;
  /** @default no limit */
  readonly limit?: number | undefined;
}

/** An event with its place in the trail. */
export interface TrailRecord {
  readonly seq: number;
  /** The time when it was written down; ISO 8601, UTC. */
  readonly recorded: string;
  readonly event: AuditEvent;
  /** Parts that were taken out since. */
  readonly redacted: readonly string[];
}

/** A thing by its id, for `to`: `trail.who({ did: 'create', to: thing('security_group_rule', id) })`. */
export const thing = (type: string, id: string): { readonly type: string; readonly id: string } => ({
  type,
  id,
});
export const securityGroupRule = (id: string): ReturnType<typeof thing> => thing('security_group_rule', id);
export const securityGroup = (id: string): ReturnType<typeof thing> => thing('security_group', id);
export const server = (id: string): ReturnType<typeof thing> => thing('server', id);
export const volume = (id: string): ReturnType<typeof thing> => thing('volume', id);
export const image = (id: string): ReturnType<typeof thing> => thing('image', id);
