/**
 * The prefixes that collectors and readers of logs write before each line: a file's name (collectors, `grep`), a pod
 * (`kubectl logs
 * --prefix`), CRI's stream tag, syslog and journald, `docker compose`.
 */
const PREFIXES: readonly RegExp[] = [
  // loghub's OpenStack sample: `nova-api.log.1.2017-05-16_13:53:08 2017-05-16 …`; grep: `nova/nova-api.log:12:2017-05-16 …`
  /^[\w./-]{1,200}\.(?:log|out|err)(?:(?:[.-]\d{1,8})?:(?:\d{1,10}:)?|[\w.:-]{0,60}[ \t]{1,8})/,
  /^\[(?:pod|container)\/[\w./-]{1,300}\] /,
  // The container runtime interface: time, stream, F(ull) or P(artial).
  /^\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:?\d\d) (?:stdout|stderr) [FP] /,
  // RFC 3164, and RFC 3339's time in its place, as rsyslog and journald write them.
  /^(?:<\d{1,3}>)?(?:[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d|\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:?\d\d)) [\w.-]{1,255} [\w./@-]{1,128}(?:\[\d{1,10}\])?: /,
  /^[\w.-]{1,100} {1,40}\| /,
];

/** The length of the prefix that a collector wrote before a line; 0 if it has none that is known. */
export function prefixLength(line: string): number {
  for (const prefix of PREFIXES) {
    const match = prefix.exec(line);
    if (match !== null) return match[0].length;
  }
  return 0;
}
