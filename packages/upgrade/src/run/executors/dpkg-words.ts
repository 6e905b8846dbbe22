/** What `dpkg-query` is asked for: `installedIn` reads it. */
export const DPKG_FORMAT = '${Package}\\t${db:Status-Status}\\t${Version}\\n';

/** Versions of what is installed as a whole, by name. */
export const installedIn = (shown: string): ReadonlyMap<string, string> =>
  new Map(
    shown.split('\n').flatMap((line): [string, string][] => {
      const [name = '', status, version = ''] = line.split('\t');
      return status === 'installed' ? [[name, version]] : [];
    }),
  );

/** Paragraphs of `apt-cache policy`: `nova-api:`, and below it `  Candidate: 2:33.0.2-1`; `(none)` where there is none. */
export function candidatesIn(policy: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  let name: string | undefined;
  for (const line of policy.split('\n')) {
    const begun = /^(\S{1,200}):$/.exec(line)?.[1];
    if (begun !== undefined) name = begun;
    const candidate = /^ {2}Candidate: (\S{1,200})$/.exec(line)?.[1];
    if (name !== undefined && candidate !== undefined && candidate !== '(none)') found.set(name, candidate);
  }
  return found;
}

/** Upstream's version in a Debian version: `33.0.2` of `2:33.0.2-1~bpo12+1`. */
export const upstreamOf = (version: string): string | undefined =>
  /^(?:\d{1,4}:)?(\d{1,4}(?:\.\d{1,6}){0,4})(?:\D|$)/.exec(version)?.[1];
