import type { Level } from './level.ts';

/**
 * The number of each level in the schemes of others.
 *
 * - `otel`: OpenTelemetry's severity numbers (Logs Data Model, "Field: SeverityNumber"); a level is a range of four
 * - `pino`: pino's default levels
 * - `python`: Python's logging, with oslo.log's TRACE of 5 (`oslo_log/handlers.py`)
 * - `syslog`: severities of RFC 5424, 6.2.1, which are journald's `PRIORITY`, too
 * - `winston`: `winstonLevels`, to be given to `createLogger` as `levels`
 */
export const levelSchemes = {
  otel: { critical: 21, error: 17, warning: 13, info: 9, debug: 5, trace: 1 },
  pino: { critical: 60, error: 50, warning: 40, info: 30, debug: 20, trace: 10 },
  python: { critical: 50, error: 40, warning: 30, info: 20, debug: 10, trace: 5 },
  syslog: { critical: 2, error: 3, warning: 4, info: 6, debug: 7, trace: 7 },
  winston: { critical: 0, error: 1, warning: 2, info: 3, debug: 4, trace: 5 },
} as const satisfies Readonly<Record<string, Readonly<Record<Level, number>>>>;

export type LevelScheme = keyof typeof levelSchemes;

/** In which schemes a greater number is less urgent. */
const DESCENDING: ReadonlySet<LevelScheme> = new Set(['syslog', 'winston']);

/** From the most urgent one to the least. */
const ORDER: readonly Level[] = ['critical', 'error', 'warning', 'info', 'debug', 'trace'];

/**
 * The number of a level in a scheme. Each level comes back from its number, but for `trace` in syslog and journald, which have one
 * severity for it and `debug`.
 *
 * @example levelNumber('warning', 'otel') // 13
 */
export const levelNumber = (level: Level, scheme: LevelScheme): number => levelSchemes[scheme][level];

/**
 * The level behind a number of a scheme. A number between two levels is the less urgent one: Python's AUDIT (21) and syslog's
 * notice (5) are `info`. `undefined`: it is no number of the scheme.
 *
 * @example levelOfNumber(10, 'otel') // 'info', of which it is the second step
 */
export function levelOfNumber(number: number, scheme: LevelScheme): Level | undefined {
  if (!Number.isInteger(number) || number < LOWEST[scheme] || number > HIGHEST[scheme]) return undefined;
  const numbers = levelSchemes[scheme];
  if (DESCENDING.has(scheme)) return ORDER.find((level) => number <= numbers[level]);
  return ORDER.find((level) => number >= numbers[level]) ?? 'trace';
}

/** Emergency and alert are syslog's; Python's NOTSET, 0, is no level of a message. */
const LOWEST: Readonly<Record<LevelScheme, number>> = { otel: 1, pino: 1, python: 1, syslog: 0, winston: 0 };
const HIGHEST: Readonly<Record<LevelScheme, number>> = {
  otel: 24,
  pino: Number.MAX_SAFE_INTEGER,
  python: Number.MAX_SAFE_INTEGER,
  syslog: 7,
  winston: 5,
};
