/**
 * The kind of a line without oslo.log's head, by its own form:
 * - `stderr`: Python or a shell wrote it past the logging, so that it belongs to no message
 * - `foreign`: a message of another format
 * - `continuation`: nothing of its own; it belongs to the message before it
 */
export type LineForm = 'stderr' | 'foreign' | 'continuation';

export function formOf(line: string): LineForm {
  if (STDERR.test(line)) return 'stderr';
  return FOREIGN.some((form) => form.test(line)) ? 'foreign' : 'continuation';
}

/** CPython's `sys.unraisablehook` and `warnings.formatwarning`; shells and sudo. A raw traceback is judged where it stands. */
const STDERR =
  /^(?:Exception ignored in|Exception in thread |[^\s:]{1,300}\.py:\d+: \w*Warning: |(?:\/bin\/)?(?:ba|da)?sh: |sudo: |\+ \w)/;

const LEVEL = '(?:TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|CRITICAL|FATAL|ALERT|EMERG)';

const FOREIGN: readonly RegExp[] = [
  // A date first: logging's own default, rsyslog, MariaDB, RabbitMQ, Go, Apache's error log, klog.
  /^[[<]?\d{4}[-/]\d\d[-/]\d\d[T ]\d{1,2}:\d\d/,
  /^(?:<\d{1,3}>)?(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) [ \d]\d \d\d:\d\d:\d\d /,
  /^\[?(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? (?:[A-Z][a-z]{2} +\d|\d)/,
  /^[IWEF]\d{4} \d\d:\d\d:\d\d/,
  /^\d{2,4}[/.]\d\d[/.]\d{2,4} \d{1,2}:\d\d/,
  // The access logs of web servers, uWSGI's too.
  /^\S{1,255} \S{1,64} \S{1,64} \[\d\d\/[A-Z][a-z]{2}\/\d{4}:/,
  /^\[pid: \d+\|/,
  // What uWSGI says of itself and its workers (core/master_utils.c, core/uwsgi.c): it shares its output with Python.
  /^(?:WSGI app \d+ \(|(?:Res|s)pawned uWSGI |DAMN ! worker \d|worker \d+ (?:killed|buried)|\.\.\.The work of process \d|SIG[A-Z]+ received\.\.\.|goodbye to uWSGI|\*\*\* (?:Starting uWSGI|uWSGI is running|Operational MODE|WARNING: you are running uWSGI))/,
  // A level first: `ERROR: …`, `ERROR:nova:…`, `[error] …`, `ERROR [alembic…] …`, `ERROR - …`.
  new RegExp(`^\\[?${LEVEL}\\]?(?:[:|]| -| \\[)`),
  /^\[(?:trace|debug|info|notice|warn|warning|error|err|crit|critical|fatal|alert|emerg)\]/,
  // logfmt, and JSON with another formatter's field for the level.
  /^(?:ts|time|level|lvl)=\S/,
  // Docker's json-file puts the whole line under `log` (moby, daemon/logger/jsonfilelog/jsonlog/jsonlog.go).
  /^\{.{0,2000}"(?:level|severity|loglevel|log\.level|levelname|log)"\s{0,4}:/,
  // A level and a logger without a date, as under systemd, where journald has it (lxc/lxc issue 1786).
  new RegExp(`^${LEVEL} [\\w-]+(?:\\.[\\w-]+)+ `),
];
