import { type Level, levelOf } from '../level.ts';
import type { Head } from '../oslo-head.ts';
import type { LogFormat, OtherFormat } from './log-format.ts';

/** A line of a format that is known, taken apart by the pattern's groups. */
interface Format {
  readonly format: OtherFormat;
  /** With the groups `at`, `level`, `pid`, `logger`, `status` and `message`, as far as the format has them. */
  readonly pattern: RegExp;
  /** Whether a message may go on in further lines. */
  readonly isLong?: boolean;
}

const CLOCK = String.raw`\d{1,2}:\d\d:\d\d`;

/** Every repetition is bounded or cannot begin inside itself, so that no line takes more than linear time. */
const FORMATS: readonly Format[] = [
  // RabbitMQ 3.9 and later; 3.7 and 3.8 have no zone (rabbitmq-server, `rabbit_prelaunch_early_logging`).
  {
    format: 'rabbitmq',
    isLong: true,
    pattern: new RegExp(
      String.raw`^(?<at>\d{4}-\d\d-\d\d ${CLOCK}\.\d{3,6}(?:[+-]\d\d:\d\d)?) \[(?<level>[a-z]+)\] <(?<pid>[\d.]{1,40})> ?(?<message>.*)`,
    ),
  },
  // MariaDB's error log: the hour has a blank for its first digit (mariadb-server, `sql/log.cc`).
  {
    format: 'mariadb',
    isLong: true,
    pattern: new RegExp(
      String.raw`^(?<at>\d{4}-\d\d-\d\d [ \d]?${CLOCK}) (?<pid>\d+) \[(?<level>Note|Warning|ERROR)\] (?:(?<logger>InnoDB|WSREP|Plugin|Slave \w{1,20}): )?(?<message>.*)`,
    ),
  },
  // Open vSwitch and OVN (`ovs-appctl`'s manual, `vlog/set PATTERN`): time, number, module and its thread, level.
  {
    format: 'ovs',
    pattern: new RegExp(
      String.raw`^(?<at>\d{4}-\d\d-\d\dT${CLOCK}(?:\.\d{1,6})?Z)\|\d{1,10}\|(?<logger>[\w()-]{1,64})\|(?<level>[A-Z]{3,5})\|(?<message>.*)`,
    ),
  },
  // libvirt (`src/util/virlog.c`): time with its zone, thread, priority.
  {
    format: 'libvirt',
    isLong: true,
    pattern: new RegExp(
      String.raw`^(?<at>\d{4}-\d\d-\d\d ${CLOCK}\.\d{3}\+0000): (?<pid>\d+): (?<level>debug|info|warning|error) : (?<message>.*)`,
    ),
  },
  {
    format: 'uwsgi',
    pattern:
      /^\[pid: (?<pid>\d+)\|app: [\d-]{1,6}\|req: \d{1,20}\/\d{1,20}\] (?<message>[^[]{0,512}\[(?<at>\w{3} \w{3} [ \d]\d \d\d:\d\d:\d\d \d{4})\].*?\(HTTP\/[\d.]{1,4} (?<status>\d{3})\).*)/,
  },
  // Apache 2.4's error log: module and level in one bracket.
  {
    format: 'apache-error',
    isLong: true,
    pattern:
      /^\[(?<at>\w{3} \w{3} \d\d \d\d:\d\d:\d\d(?:\.\d{1,6})? \d{4})\] \[(?<logger>[\w-]{0,40}):(?<level>[a-z]+)\d?\] \[pid (?<pid>\d+)(?::tid \d+)?\] (?<message>.*)/,
  },
  // The common log format, with or without the combined one's fields, as Apache, Swift's servers and werkzeug write it.
  {
    format: 'apache-access',
    pattern:
      /^(?<message>(?:[\w-]{1,40}: )?\S{1,255} \S{1,64} \S{1,64} \[(?<at>\d\d\/\w{3}\/\d{4}:\d\d:\d\d:\d\d [+-]\d{4})\] "[^"]{0,8192}" (?<status>\d{3}) .*)/,
  },
  // HAProxy on its own stderr (`src/errors.c`).
  {
    format: 'haproxy',
    pattern: /^\[(?<level>NOTICE|WARNING|ALERT)\] {1,4}(?:\d{3}\/\d{6} )?\((?<pid>\d+)\) : (?<message>.*)/,
  },
  // Alembic with `disable_existing_loggers`' usual format, `%(levelname)-5.5s [%(name)s] %(message)s`.
  {
    format: 'alembic',
    pattern: /^(?<level>DEBUG|INFO|WARNI|ERROR|CRITI) {1,2}\[(?<logger>alembic[\w.]{0,80})\] (?<message>.*)/,
  },
];

/** The head of a line in the format of another program; `undefined` if it has none that is known. */
export function otherHead(line: string, number: number): Head | undefined {
  // The lines of a traceback, which are nearly all that have no head of oslo.log.
  if (line.startsWith(' ')) return undefined;
  for (const { format, pattern } of FORMATS) {
    const fields = pattern.exec(line)?.groups;
    if (fields === undefined) continue;
    const level =
      fields['status'] === undefined ? levelNamed(fields['level'] ?? '') : levelOfStatus(fields['status']);
    if (level === undefined) continue;
    return {
      at: fields['at'] ?? '',
      pid: fields['pid'],
      level,
      logger: fields['logger'] || format,
      requestId: undefined,
      globalRequestId: undefined,
      message: fields['message'] ?? '',
      more: [],
      line: number,
      bare: false,
      format,
    };
  }
  return undefined;
}

/** Tells whether a line without a head may belong to a message of this format. */
export const goesOn = (format: LogFormat): boolean => !SHORT_FORMATS.has(format);

const SHORT_FORMATS: ReadonlySet<LogFormat> = new Set(
  FORMATS.filter(({ isLong }) => isLong !== true).map(({ format }) => format),
);

/** OVS shortens `WARN`, `ERR` and `DBG` (`lib/vlog.c`), alembic by five letters, Apache has `crit` and `emerg`. */
const SHORT: Readonly<Record<string, Level>> = {
  note: 'info',
  dbg: 'debug',
  emer: 'critical',
  crit: 'critical',
  warni: 'warning',
  criti: 'critical',
};

const levelNamed = (name: string): Level | undefined => SHORT[name.toLowerCase()] ?? levelOf(name);

/** An access log has no level: a 5xx is the service's fault, and all others are requests that were answered. */
const levelOfStatus = (status: string): Level => (status.startsWith('5') ? 'error' : 'info');
