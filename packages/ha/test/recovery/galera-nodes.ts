import fc from 'fast-check';
import { NO_HISTORY } from '../../src/components/galera/galera-files.ts';
import type { GaleraNodeState, LiveGalera } from '../../src/components/galera/galera-state.ts';

export const HISTORY = '848fb2c4-e709-11f1-bebe-ba8793860f06';
export const OTHER = 'ffffffff-e709-11f1-bebe-ba8793860f06';

/** A node that was killed, and whose position was recovered. */
export const killed = (
  host: string,
  seqno: number,
  more: Partial<GaleraNodeState> = {},
): GaleraNodeState => ({
  host,
  process: 'none',
  bootstrapping: false,
  joiner: false,
  donor: false,
  saved: { uuid: HISTORY, seqno: -1, safeToBootstrap: false },
  recovered: { uuid: HISTORY, seqno },
  view: 'none',
  live: 'none',
  gaps: [],
  ...more,
});

const live = (more: Partial<LiveGalera> = {}): LiveGalera => ({
  clusterStatus: 'Primary',
  clusterSize: 3,
  clusterStateUuid: HISTORY,
  localStateUuid: HISTORY,
  configurationId: 7,
  localState: 'Synced',
  lastCommitted: 100,
  evsState: 'OPERATIONAL',
  ready: true,
  ...more,
});

export const serving = (host: string, more: Partial<LiveGalera> = {}): GaleraNodeState => ({
  ...killed(host, -1),
  process: 'running',
  recovered: 'unknown',
  live: live(more),
});

const position = fc.record({
  uuid: fc.constantFrom(HISTORY, HISTORY, HISTORY, OTHER, NO_HISTORY),
  seqno: fc.integer({ min: -1, max: 4 }),
});

/** What a reader says on most days, and anything else that it could say. */
export const anyNode = (host: string): fc.Arbitrary<GaleraNodeState> =>
  fc.oneof(
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 4 }).map((seqno) => killed(host, seqno)) },
    { weight: 1, arbitrary: fc.constantFrom(1, 2, 3).map((clusterSize) => serving(host, { clusterSize })) },
    { weight: 2, arbitrary: strangeNode(host) },
  );

const strangeNode = (host: string): fc.Arbitrary<GaleraNodeState> =>
  fc.record({
    host: fc.constant(host),
    process: fc.constantFrom('none', 'none', 'none', 'none', 'running', 'frozen', 'alone', 'unknown'),
    bootstrapping: rarely,
    joiner: rarely,
    donor: rarely,
    saved: fc.oneof(
      {
        weight: 8,
        arbitrary: fc.tuple(position, rarely).map(([at, safeToBootstrap]) => ({ ...at, safeToBootstrap })),
      },
      {
        weight: 8,
        arbitrary: rarely.map((safeToBootstrap) => ({ uuid: HISTORY, seqno: -1, safeToBootstrap })),
      },
      { weight: 1, arbitrary: fc.constantFrom('none' as const, 'unknown' as const) },
    ),
    recovered: fc.oneof(
      { weight: 12, arbitrary: position },
      { weight: 1, arbitrary: fc.constantFrom('none' as const, 'unknown' as const) },
    ),
    view: fc.oneof(
      fc.constantFrom('none' as const, 'unknown' as const),
      fc
        .integer({ min: 1, max: 4 })
        .map((size) => ({ own: HISTORY, members: Array.from({ length: size }, (_, i) => `m${i}`) })),
    ),
    live: fc.oneof(
      { weight: 4, arbitrary: fc.constant('none' as const) },
      { weight: 1, arbitrary: fc.constant('unknown' as const) },
      {
        weight: 4,
        arbitrary: fc
          .record({
            clusterStatus: fc.constantFrom('Primary', 'non-Primary', 'Disconnected', undefined),
            clusterSize: fc.constantFrom(1, 2, 3, undefined),
            configurationId: fc.constantFrom(7, 7, 8),
            localState: fc.constantFrom(
              'Synced',
              'Synced',
              'Joined',
              'Donor/Desynced',
              'Initialized',
              undefined,
            ),
            localStateUuid: fc.constantFrom(HISTORY, HISTORY, OTHER, NO_HISTORY, undefined),
            clusterStateUuid: fc.constantFrom(HISTORY, HISTORY, OTHER, undefined),
            lastCommitted: fc.constantFrom(-1, 0, 2, 4, undefined),
          })
          .map((more) => live(more)),
      },
    ),
    gaps: fc.constant([]),
  });

const rarely = fc.integer({ min: 0, max: 9 }).map((n) => n === 0);
