/** The id that a service gave to a request: what its log is searched for. Nova of old, and Swift, have names of their own. */
export const requestIdOf = (headers: Headers): string | undefined =>
  headers.get('x-openstack-request-id') ??
  headers.get('x-compute-request-id') ??
  headers.get('x-trans-id') ??
  undefined;
