/** The users and clients that an access list of a container admits. */
export interface ContainerAcl {
  /** Anybody, without logging in: `.r:*`. */
  readonly anonymous: boolean;
  /** Anybody may list what is in it: `.rlistings` with a referrer rule. */
  readonly listing: boolean;
  /** Every user of every project: `*:*`, or `*`. */
  readonly everyUser: boolean;
  /** Clients admitted by their `Referer` header, which is the client's own word. */
  readonly referrers: readonly string[];
}

/** Reads `X-Container-Read` or `-Write`, as swift/common/middleware/acl.py does: the last referrer rule that fits wins. */
export function readAcl(text: string): ContainerAcl {
  const items = text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  // Items that are no referrer rules name none (swift/common/middleware/acl.py, `parse_acl`).
  const referrers = items.flatMap((item) => /^\.r(?:ef(?:err?er)?)?\s*:\s*(\S+)$/i.exec(item)?.[1] ?? []);
  const grants = referrers.filter((referrer) => !referrer.startsWith('-'));
  // `.r:*` lets everybody in, unless `.r:-*` comes after it.
  const anonymous = referrers.lastIndexOf('*') > referrers.lastIndexOf('-*');
  return {
    anonymous,
    listing: items.some((item) => item.toLowerCase() === '.rlistings') && grants.length > 0,
    everyUser: items.some((item) => item === '*' || item === '*:*'),
    referrers: grants.filter((grant) => grant !== '*'),
  };
}
