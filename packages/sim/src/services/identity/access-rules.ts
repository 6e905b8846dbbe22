import { badRequest } from '../../fault.ts';
import { list, record, text } from '../../wire.ts';

/** A kind of request for which an application credential may be used. */
export interface AccessRule {
  readonly id: string;
  /** The official type of the service: `network`. */
  readonly service: string;
  /** `/v2.0/networks/{id}`, `/v2.1/servers/**`. */
  readonly path: string;
  readonly method: string;
}

/** The rules in a request to make a credential; `undefined` if it has none, which limits nothing. */
export function accessRulesIn(given: unknown, newId: () => string): readonly AccessRule[] | undefined {
  if (given === undefined) return undefined;
  return list(given).map((asked) => {
    const { service, path, method, id } = record(asked);
    const rule = { service: text(service), path: text(path), method: text(method) };
    if (rule.service === undefined || rule.path === undefined || rule.method === undefined)
      throw badRequest("'access_rules' need 'service', 'path' and 'method'");
    return { id: text(id) ?? newId(), service: rule.service, path: rule.path, method: rule.method };
  });
}

/**
 * Tells whether one of the rules is for this request, as the middleware of a service that knows its `service_type` decides
 * (keystonemiddleware `auth_token/__init__.py`, `_validate_access_rules`); one that does not know it lets nothing through.
 *
 * @param path - below the service's root: `/v2.0/networks`
 */
export const isAllowed = (
  rules: readonly AccessRule[],
  service: string,
  method: string,
  path: string,
): boolean =>
  rules.some((rule) => rule.service === service && rule.method === method && patternOf(rule.path).test(path));

/** `{name}` and `*` are one segment, `**` is any number of them. */
function patternOf(path: string): RegExp {
  const pattern = path
    .replaceAll(/[.+?^$()|[\]\\]/g, String.raw`\$&`)
    .replaceAll(/\{[^}]*\}|\*{1,2}/g, (found) => (found === '**' ? '.*' : '[^/]+'));
  return new RegExp(`^${pattern}$`);
}
