import { withoutTrailingSlashes } from './trailing-slashes.ts';

/** The version of an API: `v2.1`, `2`, `V3`. */
export interface VersionNumber {
  readonly major: number;
  readonly minor: number;
}

/** Reads `v2.1`, `2.1`, `V3` or `3`; what comes after the minor is left out. */
export function parseVersion(text: string): VersionNumber | undefined {
  const match = /^v?(\d{1,6})(?:\.(\d{1,6}))?(?:\.\d+)*$/i.exec(text);
  return match === null ? undefined : { major: Number(match[1]), minor: Number(match[2] ?? 0) };
}

/** Whether an API of `have` can be used by who needs `need`: the same major, and the minor or a later one. */
export const satisfies = (have: VersionNumber, need: VersionNumber): boolean =>
  have.major === need.major && have.minor >= need.minor;

/** The URL of an endpoint, taken apart. */
export interface EndpointUrl {
  /** As it was, without query and slash at the end. */
  readonly whole: string;
  /** Without version and project, with a slash at the end. */
  readonly root: string;
  /** Up to its version, with a slash at the end; `undefined` if it has none. */
  readonly versioned: string | undefined;
  readonly version: VersionNumber | undefined;
  /** The rest after the version: a project's id, or Swift's `AUTH_…`; else empty. */
  readonly suffix: string;
}

/**
 * Takes the URL of an endpoint apart, at its version and at the project's id.
 *
 * The last segment is taken for a project if it is the token's, or if the one before it is a version. In a URL a
 * version begins with `v`: a project's id may consist of digits (keystoneauth `discover.py`, `_version_from_url`).
 */
export function splitEndpoint(url: string, projectId?: string): EndpointUrl {
  const parsed = new URL(url);
  const at = (segments: readonly string[]): string => {
    const path = segments.length === 0 ? '' : `/${segments.join('/')}`;
    return `${parsed.origin}${path}`;
  };
  const segments = parsed.pathname.split('/').filter((segment) => segment !== '');
  const whole = at(segments);
  const rest = [...segments];
  let suffix = '';
  const last = rest.at(-1);
  const isProject =
    last !== undefined && projectId !== undefined && (last === projectId || last === `AUTH_${projectId}`);
  if (last !== undefined && (isProject || (!isVersionSegment(last) && isVersionSegment(rest.at(-2))))) {
    suffix = last;
    rest.pop();
  }
  const segment = rest.at(-1);
  if (!isVersionSegment(segment))
    return { whole, root: `${at(rest)}/`, versioned: undefined, version: undefined, suffix };
  const versioned = `${at(rest)}/`;
  rest.pop();
  return { whole, root: `${at(rest)}/`, versioned, version: parseVersion(segment), suffix };
}

/**
 * The URL that a link of a version document means, or `undefined` if it is none.
 *
 * Behind a proxy these links are often wrong: the scheme, the host, and the path's prefix are those that the
 * service sees. Scheme and host are always those that the document was asked of. The path is the link's if it
 * lies below the document's; if not, only its last segment is believed (keystoneauth `discover.py`,
 * `_combine_relative_url`).
 */
export function linkedUrl(documentUrl: string, href: unknown): string | undefined {
  if (typeof href !== 'string') return undefined;
  const base = new URL(documentUrl.endsWith('/') ? documentUrl : `${documentUrl}/`);
  if (!URL.canParse(href, base.href)) return undefined;
  const link = new URL(href, base.href);
  const home = base.pathname;
  const path = link.pathname.endsWith('/') ? link.pathname : `${link.pathname}/`;
  if (link.host === base.host && path.startsWith(home)) return trimmed(base.origin, path);
  const last = path.split('/').at(-2) ?? '';
  if (last === '' || home.endsWith(`/${last}/`)) return trimmed(base.origin, home);
  return trimmed(base.origin, `${home}${last}`);
}

const trimmed = (origin: string, path: string): string => origin + withoutTrailingSlashes(path);

const isVersionSegment = (segment: string | undefined): segment is string =>
  segment !== undefined && /^v/i.test(segment) && parseVersion(segment) !== undefined;
