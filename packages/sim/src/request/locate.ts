import type { Answer } from '../answer.ts';
import type { Release } from '../releases.ts';
import type { SimulatedService } from '../service.ts';
import { services } from '../services/all.ts';

/** The service whose prefix the path of a URL begins with. */
export const serviceOf = ({ pathname }: URL): SimulatedService | undefined =>
  services.find(({ prefix }) => pathname === prefix || pathname.startsWith(`${prefix}/`));

/** The part of a service that a URL names. `rest` is the path below the service's prefix. */
export type Target =
  | { readonly kind: 'redirect'; readonly rest: string; readonly answer: Answer }
  /** The service's root or the document of its version, which need no route. */
  | { readonly kind: 'versions'; readonly answer: Answer }
  | { readonly kind: 'unknown'; readonly rest: string }
  /** `path` is below the version, as the routes are written. */
  | { readonly kind: 'resource'; readonly rest: string; readonly path: string };

/** Reads the path of a URL as the service does: slashes, a suffix, other names of the same path. */
export function locate(service: SimulatedService, url: URL, release: Release): Target {
  const { trailingSlash, manySlashes, json } = service.paths;
  const pathname = manySlashes === 'kept' ? url.pathname : url.pathname.replaceAll(/\/{2,}/g, '/');
  const asked = pathname.slice(service.prefix.length).replace(/^\//, '');
  const bare = asked.replace(/\/$/, '');
  const rest = trailingSlash === 'kept' ? asked : bare;
  if (pathname !== url.pathname && manySlashes === 'redirect') {
    const headers = { Location: url.origin + pathname + url.search };
    return { kind: 'redirect', rest, answer: { status: 308, headers } };
  }
  if (['', service.version.slice(1), 'versions', service.document].includes(bare)) {
    // A path and that with a slash behind it are two: Glance answers them differently.
    const path = trailingSlash === 'unknown' ? asked : bare;
    const answer = service.versions(url.origin + service.prefix, path, release);
    if (answer !== undefined) return { kind: 'versions', answer };
  }
  const inside = trailingSlash === 'unknown' && asked !== rest ? undefined : belowVersion(service, rest);
  if (inside === undefined) return { kind: 'unknown', rest };
  const named = json ? inside.replace(/\.json$/, '') : inside;
  return { kind: 'resource', rest, path: service.alias?.(named) ?? named };
}

/**
 * The path below the version. The paths of Cinder and Masakari may begin with a project id, those of Swift begin with an account,
 * which is left out.
 */
function belowVersion(service: SimulatedService, rest: string): string | undefined {
  const version = service.version.slice(1);
  if (version === '') return rest;
  if (!rest.startsWith(`${version}/`)) return undefined;
  const path = rest.slice(version.length + 1);
  if (service.prefix === '/object-store') return path.replace(/^AUTH_[^/]+(\/|$)/, '');
  return ['/volume', '/instance-ha'].includes(service.prefix)
    ? path.replace(/^[0-9a-f]{32}(\/|$)/, '')
    : path;
}
