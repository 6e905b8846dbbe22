import { isSecretName, SecretHints } from '@groundcrew/ground';

/** What stands beside the message of a record; nothing where it can hold no secret. */
interface Beside {
  readonly beside?: string;
}

/**
 * A context that may hold a secret, since `logging_context_format_string` takes any field of the request's context
 * (`oslo_context/context.py` has `auth_token` among them).
 */
export const besideOf = (context: string | undefined): Beside =>
  context === undefined || USUAL.test(context) || !mayHold(context) ? {} : { beside: context };

/** The same of a service's own format: its fields by their names, without those that a record has. */
export function besideInFields(fields: Readonly<Record<string, string | undefined>>): Beside {
  const unusual = Object.entries(fields).filter(
    ([name, value]) => value !== undefined && !KEPT.has(name) && (isSecretName(name) || mayHold(value)),
  );
  return unusual.length === 0 ? {} : { beside: unusual.map(([name, value]) => `${name}=${value}`).join(' ') };
}

const mayHold = (text: string): boolean => new SecretHints(text).isIn(0, text.length);

/** Ids of requests, and what says that there is none, as nearly all contexts are. */
const USUAL = /^(?:-|None)?(?: ?req-[0-9a-f-]{36}){0,2}(?: (?:-|None|default|[0-9a-f]{32})){0,8}$/;
const KEPT: ReadonlySet<string> = new Set([
  'asctime',
  'global_request_id',
  'instance',
  'isotime',
  'levelname',
  'message',
  'msecs',
  'name',
  'process',
  'request_id',
]);
