/** The formats of what runs beside OpenStack's services, by the program that writes it. */
export type OtherFormat =
  | 'alembic'
  | 'apache-access'
  | 'apache-error'
  | 'haproxy'
  | 'libvirt'
  | 'mariadb'
  | 'ovs'
  | 'rabbitmq'
  | 'uwsgi';

/**
 * How a message is written: by oslo.log as text or JSON, in the `format` that was given, on stderr past all logging, in journald's
 * own fields, as a notification on the message bus, or by another program.
 */
export type LogFormat = 'oslo' | 'oslo-json' | 'own' | 'stderr' | 'journal' | 'notification' | OtherFormat;

/** Tells whether another program than a service of OpenStack wrote it: such have rules of their own. */
export const isOthers = (format: LogFormat): boolean => !OURS.has(format);

const OURS: ReadonlySet<LogFormat> = new Set<LogFormat>([
  'oslo',
  'oslo-json',
  'own',
  'journal',
  'notification',
  'stderr',
]);
