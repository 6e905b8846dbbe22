/** The microversion that a request asks for: `2.96`, `latest`. Services of old have headers of their own. */
export function microversionIn(headers: Headers): string | undefined {
  const said = headers.get('openstack-api-version') ?? legacyIn(headers);
  // `compute 2.96`
  return said?.trim().split(/\s+/).at(-1) || undefined;
}

function legacyIn(headers: Headers): string | undefined {
  for (const [name, value] of headers) if (LEGACY.test(name)) return value;
  return undefined;
}

const LEGACY = /^x-openstack-[a-z-]{1,40}-api-version$/;
