/**
 * The six levels, and what each tells whoever reads it.
 *
 * The meanings are those of OpenStack's logging guidelines, with `trace` for conversations with other services.
 *
 * @see https://specs.openstack.org/openstack/openstack-specs/specs/log-guidelines.html
 */
export const levels = {
  critical: 'The service is dying, or data is being lost: wake somebody up.',
  error: 'Something is broken that an administrator must repair now.',
  warning: 'Something is not as it should be; look into it within the week.',
  info: 'A unit of work was done.',
  debug: 'How it was done, for whoever looks for a defect.',
  trace: 'Every call with its parameters, without secrets.',
} as const;

export type Level = keyof typeof levels;

/** The level behind a name that a log line uses (oslo.log, Python, syslog); `undefined` if it is none. */
export const levelOf = (name: string): Level | undefined =>
  // Nearly all write them in capitals.
  NAMES.get(name) ?? NAMES.get(name.toUpperCase());

/** oslo.log defines AUDIT between INFO and WARNING (`oslo_log/handlers.py`), and TRACE below DEBUG. */
const NAMES: ReadonlyMap<string, Level> = new Map([
  ['CRITICAL', 'critical'],
  ['FATAL', 'critical'],
  ['EMERG', 'critical'],
  ['ALERT', 'critical'],
  ['ERROR', 'error'],
  ['ERR', 'error'],
  ['WARNING', 'warning'],
  ['WARN', 'warning'],
  ['NOTICE', 'info'],
  ['AUDIT', 'info'],
  ['INFO', 'info'],
  ['DEBUG', 'debug'],
  ['TRACE', 'trace'],
]);
