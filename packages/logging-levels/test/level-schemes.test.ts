import { expect, test } from 'vitest';
import {
  type Level,
  levelNumber,
  levelOfNumber,
  levels,
  type LevelScheme,
  levelSchemes,
} from '../src/index.ts';

const all = Object.keys(levels) as Level[];
const schemes = Object.keys(levelSchemes) as LevelScheme[];

test.each(schemes)('each level comes back from its number in %s', (scheme) => {
  for (const level of all) {
    const back = levelOfNumber(levelNumber(level, scheme), scheme);
    expect(back).toBe(scheme === 'syslog' && level === 'trace' ? 'debug' : level);
  }
});

test.each([
  ['otel', 24, 'critical'],
  ['otel', 12, 'info'],
  ['otel', 4, 'trace'],
  ['otel', 0, undefined],
  ['otel', 25, undefined],
  ['python', 21, 'info'],
  ['python', 1, 'trace'],
  ['python', 0, undefined],
  ['python', 60, 'critical'],
  ['syslog', 0, 'critical'],
  ['syslog', 1, 'critical'],
  ['syslog', 5, 'info'],
  ['syslog', 8, undefined],
  ['syslog', -1, undefined],
  ['pino', 35, 'info'],
  ['pino', 2.5, undefined],
  ['winston', 6, undefined],
] as const)('%s %d is %s', (scheme, number, level) => {
  expect(levelOfNumber(number, scheme)).toBe(level);
});
