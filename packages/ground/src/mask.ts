import { findSecrets } from './find-secrets.ts';
import { isSecretName } from './secret-names.ts';

/**
 * A text with `***` in the place of every secret that `findSecrets` finds.
 *
 * @example maskText('Starting with mysql://nova:pw@db/nova'); // 'Starting with mysql://***@db/nova'
 */
export function maskText(text: string): string {
  const found = findSecrets(text);
  if (found.length === 0) return text;
  let shown = '';
  let at = 0;
  for (const { start, end } of found) {
    shown += `${text.slice(at, start)}***`;
    at = end;
  }
  return shown + text.slice(at);
}

/**
 * A deep copy of plain data that may be shown: `***` for whatever stands under the name of a secret, lists and objects too,
 * and every other text by `maskText`. Bytes are told by their number; deeper than a hundred levels is `…`, so that neither
 * a circle nor a hostile body exhausts the stack. Objects with a class of their own (a `Date`, a `Secret`) stay as they
 * are.
 *
 * Keystone's `password: { user: { name, domain, password } }` is looked into, since the name of the user is no secret.
 *
 * @example maskValue({ adminPass: 'pw', name: 'web' }); // { adminPass: '***', name: 'web' }
 */
export function maskValue<T>(value: T): T {
  return masked(value, 0) as T;
}

const DEEPEST = 100;

function masked(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return maskText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= DEEPEST) return '…';
  if (Array.isArray(value)) return value.map((element) => masked(element, depth + 1));
  if (value instanceof Uint8Array) return `(${value.byteLength} bytes)`;
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, field]) => [
      // A name may be foreign text as well: a map that a user filled.
      maskText(name),
      hides(name, field) ? '***' : masked(field, depth + 1),
    ]),
  );
}

function hides(name: string, field: unknown): boolean {
  // Nothing, and whether there is something, are no secrets: `password: null`, `token: true`.
  if (field === null || field === undefined || typeof field === 'boolean' || field === '') return false;
  return isSecretName(name) && !isPasswordMethod(field) && !isNotice(name, field);
}

/** `auth.identity.password` of a login. */
const isPasswordMethod = (field: unknown): boolean =>
  typeof field === 'object' && field !== null && 'user' in field && Object.keys(field).length === 1;

/** A `payload` that is no text is that of a notification (oslo.messaging, Masakari), and no secret of Barbican's. */
const isNotice = (name: string, field: unknown): boolean => name === 'payload' && typeof field === 'object';
