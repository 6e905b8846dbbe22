/** Whom an access list of a container lets in. */
export interface ContainerAcl {
  /** Anybody, without logging in: `.r:*`. */
  readonly anonymous: boolean;
  /** Anybody may list what is in it: `.rlistings` with a referrer rule. */
  readonly listing: boolean;
  /** Every user of every project: `*:*`, or `*`. */
  readonly everyUser: boolean;
  /** Whoever claims to come from there: the header is the client's own word. */
  readonly referrers: readonly string[];
}

/** Reads `X-Container-Read` or `-Write`, as swift/common/middleware/acl.py does: the last referrer rule that fits wins. */
export function readAcl(text: string): ContainerAcl {
  const items = text
    .split(',')
    .map((one) => one.trim())
    .filter((one) => one !== '');
  // Items that are no referrer rules name none (swift/common/middleware/acl.py, `parse_acl`).
  const referrers = items.flatMap((one) => /^\.r(?:ef(?:err?er)?)?\s*:\s*(\S+)$/i.exec(one)?.[1] ?? []);
  const grants = referrers.filter((one) => !one.startsWith('-'));
  // `.r:*` lets everybody in, unless `.r:-*` comes after it.
  const anonymous = referrers.lastIndexOf('*') > referrers.lastIndexOf('-*');
  return {
    anonymous,
    listing: items.some((one) => one.toLowerCase() === '.rlistings') && grants.length > 0,
    everyUser: items.some((one) => one === '*' || one === '*:*'),
    referrers: grants.filter((one) => one !== '*'),
  };
}
