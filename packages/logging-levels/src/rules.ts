import { findSecrets } from '@groundcrew/ground';
import type { Level } from './level.ts';
import type { LogFormat } from './read/log-format.ts';
import { type LogRecord, STDERR } from './parse.ts';
import { template } from './template.ts';

/** A message at a level that its meaning does not have. */
export interface Offence {
  readonly rule: RuleId;
  /** The level that it should have; `undefined`: it should not be there at all. */
  readonly wanted: Level | undefined;
}

export type RuleId =
  | 'expected-condition-is-error'
  | 'traceback-below-error'
  | 'repeated-notice'
  | 'progress-at-info'
  | 'secret-in-log';

export interface Rule {
  readonly id: RuleId;
  readonly title: string;
  /** The conclusion from the level's meaning. */
  readonly because: string;
  readonly remedy: string;
}

/** The rules, as data. Their levels are those of OpenStack's logging guidelines (openstack-specs `log-guidelines`). */
export const rules: Readonly<Record<RuleId, Rule>> = {
  'expected-condition-is-error': {
    id: 'expected-condition-is-error',
    title: 'An expected condition is logged as an error',
    because:
      'An error asks an administrator to repair something now. A client that asked for the wrong thing is not that.',
    remedy: 'Read it as a warning or less, and keep it out of error alerts; report it to the project.',
  },
  'traceback-below-error': {
    id: 'traceback-below-error',
    title: 'A traceback below error',
    because: 'A traceback is a defect, or a failure that somebody must see; below error nobody looks.',
    remedy: 'Read it as an error, and look at the traceback.',
  },
  'repeated-notice': {
    id: 'repeated-notice',
    title: 'A notice that is repeated instead of said once',
    because:
      'A deprecation or a hint to developers is said once per start of a process, or it hides what is new.',
    remedy: 'Filter it where logs are collected; act on it once.',
  },
  'progress-at-info': {
    id: 'progress-at-info',
    title: 'Something about to happen, at info',
    because: 'Info tells of work that was done, in the past tense; what is about to happen is for debug.',
    remedy: 'Read it as debug.',
  },
  'secret-in-log': {
    id: 'secret-in-log',
    title: 'A secret in the log',
    because: 'Whoever reads the log can use it.',
    remedy: 'Revoke the secret, then remove it from the log and its copies.',
  },
};

/** The number of times that one process may say a notice before it counts as repeated. */
const ONCE = 1;

/** Judges records of one file, in order. */
export class Judge {
  readonly #notices = new Map<string, number>();
  #unattributed = 0;

  /**
   * Notices that are there more than once, and not by which process: oslo.log's own format tells it (`%(process)d`, oslo_log
   * `_options.py`), a format of somebody's own need not. Several processes may have said each once.
   */
  get unattributed(): number {
    return this.#unattributed;
  }

  judge(record: LogRecord): Offence[] {
    const offences: Offence[] = [];
    // The key of a PEM block stands in lines of its own: they are looked at together.
    const text = record.more.length === 0 ? record.message : [record.message, ...record.more].join('\n');
    if (hasSecret(text) || (record.beside !== undefined && hasSecret(record.beside)))
      offences.push({ rule: 'secret-in-log', wanted: undefined });
    // Nobody chose a level for what came past the logging.
    if (record.logger === STDERR || isOthers(record.format ?? 'oslo')) return offences;
    const hasTraceback =
      record.message.startsWith('Traceback') || record.more.some((line) => line.includes('Traceback'));
    if (record.level === 'error' || record.level === 'critical') {
      if (isExpected(record)) offences.push({ rule: 'expected-condition-is-error', wanted: 'warning' });
    } else if (hasTraceback && record.level !== 'debug' && record.level !== 'trace') {
      offences.push({ rule: 'traceback-below-error', wanted: 'error' });
    }
    if (record.level === 'warning' && isNotice(record.message) && this.#isRepeated(record)) {
      offences.push({ rule: 'repeated-notice', wanted: undefined });
    }
    if (record.level === 'info' && PROGRESS.test(record.message))
      offences.push({ rule: 'progress-at-info', wanted: 'debug' });
    return offences;
  }

  #isRepeated(record: LogRecord): boolean {
    // A hundred thousand different notices are none: what varies that much is not one message.
    if (this.#notices.size > 10_000) return false;
    const key = `${record.pid} ${record.logger} ${template(record.message)}`;
    // Counting begins at none.
    const times = (this.#notices.get(key) ?? 0) + 1;
    this.#notices.set(key, times);
    if (times > ONCE && record.pid === undefined) {
      this.#unattributed += 1;
      return false;
    }
    return times > ONCE;
  }
}

/** Tells whether another program than a service of OpenStack wrote it: such have rules of their own. */
export const isOthers = (format: LogFormat): boolean => !OURS.has(format);

const OURS: ReadonlySet<LogFormat> = new Set<LogFormat>(['oslo', 'oslo-json', 'own', 'journal', 'stderr']);

/**
 * A fault of a client's request, or a thing that it asked for and that is not there. With a traceback it may be an answer of
 * 4xx that went through a handler for defects: the last line of the traceback tells.
 *
 * Only where a client is sure to be at fault: in an API, and not of another service's answer, since a service whose own
 * password is refused, or that asks for what is gone, is for the administrator.
 */
function isExpected(record: LogRecord): boolean {
  if (!API.test(record.logger)) return false;
  const last = lastLine(record.more);
  if (OTHERS_ANSWER.test(record.message) || OTHERS_ANSWER.test(last)) return false;
  return EXPECTED.test(record.message) || EXPECTED.test(last);
}

/** Without further lines the message alone tells: `''` matches no pattern. */
const lastLine = (lines: readonly string[]): string => lines.findLast((line) => line.trim() !== '') ?? '';

/** `nova.api.openstack.wsgi`, `neutron.api.v2.resource`, `keystone.server.flask.application`, `keystone.common.wsgi`. */
const API = /(?:^|[._])(?:api|wsgi|flask)(?:[._]|$)/;

/** Exceptions of the clients by which services ask each other. */
const OTHERS_ANSWER = /keystoneauth1?\.|\b\w+client\.|openstack\.exceptions|keystonemiddleware/;

/** Python exceptions of 4xx (`ForbiddenAction` is Keystone's 403), and the words that services use for what is not there. */
const EXPECTED =
  /\b\w*(?:NotFound|Forbidden|Unauthorized|Conflict|AlreadyExists|BadRequest|QuotaExceeded|OverQuota|ValidationError|InvalidInput)(?:Action|Exception|Error)?\b|could not be found|not authorized to perform the requested action|does not exist|client error 4\d\d|HTTP 4\d\d/i;

const isNotice = (message: string): boolean => /deprecat|please use |is not recommended/i.test(message);

/** `Starting …`, `Attempting to …`: a present participle first. */
export const PROGRESS: RegExp =
  /^(starting|stopping|attempting|trying|beginning|initializing|going to|about to)\b/i;

/**
 * Tells whether a text has a secret, by the name before it or by its own shape. The path of a file is none: services log their
 * options at the start, among them Octavia's `ca_private_key = /etc/…/ca.key`.
 */
export const hasSecret = (text: string): boolean =>
  findSecrets(text).some(
    ({ kind, start, end }) => kind !== 'named' || !FILE_PATH.test(text.slice(start, end)),
  );

const FILE_PATH = /^\/(?:etc|var|opt|usr|run|home|root|srv)(?:\/[\w.@-]{1,128}){1,32}$/;
