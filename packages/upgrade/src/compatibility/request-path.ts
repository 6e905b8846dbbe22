/** A path without its host, query, mount point, project and ids. */
export interface RequestPath {
  /** `v2.1`; of Placement, which has none in its paths, `undefined`. */
  readonly version: string | undefined;
  /** Words of the API, and `{id}` for all else. */
  readonly segments: readonly string[];
}

/**
 * Reads the path, or the whole URL, of a request. Which segments are ids is told by their looks and their place, since OpenStack's paths
 * alternate: what follows the plural of a thing is one of them. A word of the API is kept where in doubt only if it is short, lower
 * case and nearly without digits, so that tokens and ids are never kept.
 */
export function requestPath(raw: string): RequestPath {
  const text = raw
    .slice(0, LONGEST)
    .replace(/^[a-z][a-z\d+.-]{0,20}:\/\/[^/?#]*/i, '')
    .replace(/[?#][^]*$/, '');
  const all = text
    .split('/')
    .filter((segment) => segment !== '')
    // Neutron takes `networks.json` for `networks`.
    .map((segment) => segment.replace(/\.json$/, ''));
  // A prefix may stand before: `/compute/v2.1/…`, `/volume/v3/…`.
  const at = all.slice(0, 3).findIndex((segment) => VERSION.test(segment));
  if (at === -1) return { version: undefined, segments: templateOf(all) };
  const below = all.slice(at + 1);
  // Between the version and the first word Nova, Cinder and Manila may have the project.
  const begin = below.findIndex(isWord);
  return { version: all[at], segments: templateOf(begin === -1 ? [] : below.slice(begin)) };
}

/** As one text: `/v2.1/servers/{id}/action`. The template of a template is itself. */
export const templateText = ({ version, segments }: RequestPath): string =>
  `/${[...(version === undefined ? [] : [version]), ...segments].join('/')}`;

const LONGEST = 2_000;
const DEEPEST = 12;
const VERSION = /^v\d{1,2}(?:\.\d{1,3})?$/;
const ID = '{id}';

function templateOf(segments: readonly string[]): string[] {
  const template: string[] = [];
  for (const segment of segments.slice(0, DEEPEST)) {
    const last = template.at(-1);
    template.push(isWord(segment) && !(last !== undefined && isNamed(segment, last)) ? segment : ID);
  }
  return template;
}

const isWord = (segment: string): boolean =>
  EXTENSION.test(segment) || (WORD.test(segment) && segment.replaceAll(/\D/g, '').length <= 2);
/** Keystone's: `OS-FEDERATION`. */
const EXTENSION = /^OS-[A-Z\d-]{1,24}$/;
const WORD = /^[a-z][a-z\d_-]{1,39}$/;

/** Whether a word stands where the name of a thing does. */
const isNamed = (segment: string, last: string): boolean =>
  !EXTENSION.test(segment) &&
  !VERBS.has(segment) &&
  ((last.endsWith('s') && !NO_COLLECTIONS.has(last)) || COLLECTIONS.has(last));

/** What follows a collection and is none of it. */
const VERBS = new Set(
  `action add auth capabilities capacities config default defaults delete detail disable enable info me statistics summary
  sync_instances tasks`.split(/\s+/),
);
/** They end in an s, and have collections below them. */
const NO_COLLECTIONS = new Set(['fwaas', 'lbaas', 'metadefs', 'qos']);
/** They end in none, and have names below them. */
const COLLECTIONS = new Set([
  'extra_specs',
  'metadata',
  'os-fping',
  'os-floating-ip-dns',
  'os-interface',
  'os-security-group-default-rules',
]);
