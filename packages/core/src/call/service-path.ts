import { hasControls } from '@groundcrew/ground';
import { InputError } from '../errors/errors.ts';

/**
 * Checks the path of a raw request: it must stay below the service's endpoint, since the token goes with it. URL parsers take
 * `..`, `%2e%2e` and `\` for steps, whoever encoded them (WHATWG URL, "double-dot URL path segment").
 *
 * @throws InputError with the field `path`
 */
export function servicePath(path: unknown, operation: string): string {
  const refuse = (why: string): never => {
    throw new InputError(`${operation}: path: ${why}`, { field: 'path', operation });
  };
  if (typeof path !== 'string') return refuse('is no text');
  if (!path.isWellFormed()) return refuse('has half of a surrogate pair, which no URL can carry');
  if (path.includes(' ') || hasControls(path)) return refuse('has a blank or a control character: encode it');
  const [before = ''] = path.split(/[?#]/, 1);
  if (path.includes('#')) return refuse('has a fragment, which is never sent');
  if (before.includes('\\')) return refuse('has a backslash, which URL parsers take for a slash');
  if (/^[a-z][a-z\d+.-]*:\/\//i.test(before)) return refuse('is a URL: give what follows the endpoint');
  // An encoded slash may be in a name. A way out between encoded slashes may not: proxies decode them before they resolve it.
  for (const segment of before.split(/\/|%2f|%5c/i)) {
    if (DOTS.test(segment)) return refuse(`\`${segment}\` leads out of the endpoint`);
  }
  return path.replace(/^\/+/, '');
}

/** `.` and `..`, each dot encoded or not. */
const DOTS = /^(?:\.|%2e){1,2}$/i;
