import type { GroupView, ServerView } from './situation.ts';

/** May a server go to a host, for the company that it would have there? */
export type Company = 'yes' | 'rather-not' | 'no';

/**
 * The hosts of the members of server groups, and the servers that may share a host, as Nova's filters have it (nova
 * `scheduler/filters/affinity_filter.py`): strict policies bind, soft ones are preferences of the weighers.
 */
export class Groups {
  readonly #policies: ReadonlyMap<string, GroupView>;
  /** The number of members that each host has, by group. */
  readonly #members = new Map<string, Map<string, number>>();

  /** @param leaving members that are on a host which is lost: Nova counts them there until they are elsewhere */
  constructor(
    policies: readonly GroupView[] | undefined,
    residents: Iterable<ServerView>,
    leaving: Iterable<ServerView>,
  ) {
    this.#policies = new Map(policies?.map((group) => [group.id, group]));
    // Only the groups of those that look for a place decide anything.
    const seen = new Set<string>();
    for (const { id, groups = NONE, host } of leaving) {
      if (groups.length === 0) continue;
      seen.add(id);
      for (const group of groups) this.#count(group, host, 1);
    }
    if (seen.size === 0) return;
    for (const { id, groups = NONE, host } of residents)
      for (const group of groups) if (this.#members.has(group) && !seen.has(id)) this.#count(group, host, 1);
  }

  /** It is there now, and no longer where it was. */
  move({ groups = NONE, host }: ServerView, to: string): void {
    for (const group of groups) {
      this.#count(group, host, -1);
      this.#count(group, to, 1);
    }
  }

  judge(server: ServerView, host: string): Company {
    let company: Company = 'yes';
    for (const group of server.groups ?? NONE) {
      const here = this.#members.get(group)?.get(host) ?? 0;
      const { policy, most } = this.#policies.get(group) ?? UNKNOWN;
      if (policy === 'anti-affinity' && here >= most) return 'no';
      if (policy === 'affinity' && here === 0 && this.#others(group, server) > 0) return 'no';
      // A policy that is not known may be a strict one.
      if (policy === UNKNOWN.policy && here > 0) return 'no';
      if (policy === 'soft-anti-affinity' && here > 0) company = 'rather-not';
    }
    return company;
  }

  /** Is it in a group whose policy could not be read? */
  isUnknown = ({ groups = NONE }: ServerView): boolean =>
    groups.some((group) => this.#policy(group) === UNKNOWN.policy);

  /** The reason why no host has the company that it needs. */
  why({ groups = NONE }: ServerView): string {
    const strict = groups.find((group) => /^(anti-)?affinity$/.test(this.#policy(group)));
    if (strict !== undefined)
      return this.#policy(strict) === 'affinity'
        ? `its group ${strict} is strict (affinity), and its other members are not on a host that can take it`
        : `its group ${strict} is strict (anti-affinity), and every host with room has enough of it`;
    const unknown = groups.find((group) => this.#policy(group) === UNKNOWN.policy);
    return unknown === undefined
      ? 'no single host has enough of everything'
      : `the policy of its group ${unknown} is not known, and every host with room has a member of it`;
  }

  #policy(group: string): string {
    return (this.#policies.get(group) ?? UNKNOWN).policy;
  }

  /** Members other than this one, wherever they are. */
  #others(group: string, { host }: ServerView): number {
    let all = 0;
    for (const count of this.#members.get(group)?.values() ?? []) all += count;
    return host === undefined ? all : all - 1;
  }

  #count(group: string, host: string | undefined, more: number): void {
    const hosts = this.#members.get(group) ?? new Map<string, number>();
    this.#members.set(group, hosts);
    if (host !== undefined) hosts.set(host, (hosts.get(host) ?? 0) + more);
  }
}

const UNKNOWN = { policy: 'unknown', most: 1 } as const;
/** Of a server whose groups were not read nothing binds here; `placeServers` then promises nothing. */
const NONE: readonly string[] = [];
