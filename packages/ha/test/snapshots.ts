import type { Observed } from '@groundcrew/core';
import { assess, type HaSnapshot, type Worker } from '../src/index.ts';

export const seen = <T>(value: readonly T[]): Observed<readonly T[]> => ({
  value,
  at: '2026-01-01T00:00:00.000Z',
  source: 'test',
  completeness: 'complete',
  gaps: [],
});
export const denied = <T>(what: string): Observed<readonly T[]> => ({
  ...seen<T>([]),
  completeness: 'denied',
  gaps: [
    {
      what,
      kind: 'denied',
      why: '403 Policy does not allow it',
      remedy: 'Ask as an administrator.',
      requestIds: ['req-1'],
    },
  ],
});
export const worker = (kind: string, host: string, parts: Partial<Worker> = {}): Worker => ({
  service: 'compute',
  kind,
  host,
  zone: 'internal',
  alive: true,
  enabled: true,
  disabledReason: undefined,
  heartbeat: '2026-01-01T00:00:00Z',
  ...parts,
});
export const snapshot = (parts: Partial<HaSnapshot> = {}): HaSnapshot => ({
  compute: seen([]),
  blockStorage: seen([]),
  network: seen([]),
  servers: seen([]),
  routers: seen([]),
  ...parts,
});
export const judged = (parts: Partial<HaSnapshot>, id: string) =>
  assess(snapshot(parts)).filter((finding) => finding.id === id);
