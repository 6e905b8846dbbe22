import { z } from 'zod';
import {
  aDuration,
  counted,
  type Duration,
  finding,
  type Finding,
  milliseconds,
  optionsSchema,
  overall,
  parseArguments,
  unseen,
} from '@groundcrew/ground';
import { words } from './age.ts';
import { copiesByVolume, noCopies } from './copies.ts';
import type { BackupSnapshot } from './observe.ts';
import { indexOf, judgeServer } from './servers.ts';
import { backupServiceFinding } from './services.ts';
import { isComplete, type Judgement, missing, seenIn, type Terms } from './verdict.ts';
import { ids, inError, judgeVolume } from './volumes.ts';

export interface BackupPolicy {
  /** Recovery point objective: how old a copy may be. @default '24h' */
  readonly rpo?: Duration | undefined;
  /** Milliseconds since 1970. @default when the backups were read */
  readonly now?: number | undefined;
}

const policySchema = optionsSchema<BackupPolicy>({
  rpo: aDuration.optional(),
  now: z.number().optional(),
});

/**
 * Judges what could be restored: of every volume and every server, whether there is a copy and how old it is, and
 * what there is without a copy. A copy that was never restored is not proven, which is said once.
 *
 * @throws InputError for a policy with a field that there is not, or a time that is none: every copy would be young enough
 */
export function assess(snapshot: BackupSnapshot, policy: BackupPolicy = {}): Finding[] {
  parseArguments('backup-dr.assess', policySchema, policy);
  const terms: Terms = {
    rpo: milliseconds(policy.rpo ?? '24h'),
    now: policy.now ?? Date.parse(snapshot.backups.at),
  };
  const copies = copiesByVolume(snapshot);
  const judged = new Map(
    snapshot.volumes.value.map((volume) => [
      volume.id,
      judgeVolume(copies.get(volume.id) ?? noCopies, snapshot, terms),
    ]),
  );
  const index = indexOf(snapshot, judged);
  const volumes = snapshot.volumes.value.map((volume) =>
    thingFindings('volume', volume, judged.get(volume.id)),
  );
  const servers = snapshot.servers.value.map((server) =>
    thingFindings('server', server, judgeServer(server, index, snapshot, terms)),
  );
  return [
    ...unseenOf(snapshot),
    summary(snapshot, volumes.flat(), servers.flat(), terms),
    backupServiceFinding(snapshot),
    proven(snapshot),
    ...volumes.flat(),
    ...servers.flat(),
    ...orphans(snapshot),
  ];
}

interface Named {
  readonly id: string;
  readonly name?: string | null | undefined;
}

function thingFindings(
  kind: 'volume' | 'server',
  { id, name }: Named,
  judged: Judgement | undefined,
): Finding[] {
  if (judged === undefined) return [];
  const { verdict, severity, predicate, because, remedy } = judged;
  const known = name === null || name === undefined || name === '' ? undefined : name;
  const subject = { kind, id, name: known };
  return [
    finding({
      id: `backup-dr.${kind}`,
      verdict,
      severity,
      title: `${kind === 'volume' ? 'Volume' : 'Server'} ${known ?? id} ${predicate}`,
      subject,
      because,
      remedy,
    }),
  ];
}

function summary(
  snapshot: BackupSnapshot,
  volumes: readonly Finding[],
  servers: readonly Finding[],
  { rpo }: Terms,
): Finding {
  const complete = isComplete(snapshot.volumes);
  const base = {
    id: 'backup-dr.coverage',
    severity: 'high',
    subject: { kind: 'cloud', id: 'volumes' },
  } as const;
  const lists = [snapshot.volumes, snapshot.backups];
  if (!complete && volumes.length === 0) {
    const remedy = snapshot.volumes.gaps[0]?.remedy;
    return finding({
      ...base,
      verdict: 'unknown',
      title: 'How many volumes have a copy is not known',
      because: missing(snapshot.volumes),
      remedy,
    });
  }
  const counts = `${passed(volumes)} of ${volumes.length} volumes${complete ? '' : ' that could be seen'} have a copy within ${words(rpo)}`;
  const verdict = volumes.length === 0 ? 'pass' : overall(volumes);
  const unsure = volumes.filter((each) => each.verdict === 'unknown').length;
  return finding({
    ...base,
    verdict: verdict === 'pass' && !complete ? 'unknown' : verdict,
    title: volumes.length === 0 ? 'There are no volumes' : counts,
    because: [
      seenIn(snapshot.volumes, `${counts}${unsure > 0 ? `; of ${unsure} it is not known` : ''}`),
      seenIn(snapshot.servers, describeServers(snapshot, servers.length, passed(servers), rpo)),
      ...lists.flatMap(missing),
    ],
    remedy:
      verdict === 'fail'
        ? 'Back up the volumes that failed; each has a finding of its own.'
        : lists.flatMap((list) => list.gaps)[0]?.remedy,
  });
}

const passed = (findings: readonly Finding[]): number =>
  findings.filter((each) => each.verdict === 'pass').length;

function describeServers({ servers }: BackupSnapshot, all: number, good: number, rpo: number): string {
  if (!isComplete(servers) && all === 0) return 'how many servers can be restored could not be seen';
  return `${good} of ${all} servers${isComplete(servers) ? '' : ' that could be seen'} can be restored within ${words(rpo)}`;
}

/** A backup is a hope until it was restored, and no API keeps what was tried. */
const proven = ({ backups }: BackupSnapshot): Finding =>
  finding({
    id: 'backup-dr.proven',
    verdict: 'unknown',
    severity: 'high',
    title: 'Whether any copy was ever restored as a test is not known',
    subject: { kind: 'cloud', id: 'restore drills' },
    because: [
      seenIn(
        backups,
        'block storage says that a backup is available when it is written; nobody reads it back until it is restored',
      ),
    ],
    remedy:
      'Restore a sample of the backups into new volumes by a schedule, compare the data, and keep the record.',
  });

/**
 * Backups whose volume is not in the list. Cinder lists the newest volumes first, so that one which was made while the list
 * was read is not in it: only what was backed up before is called gone. A record that is being imported, or could not be,
 * names a volume that never was (`cinder/backup/api.py`, `IMPORT_VOLUME_ID`).
 */
function orphans({ volumes, backups }: BackupSnapshot): Finding[] {
  if (!isComplete(volumes)) return [];
  const there = new Set(volumes.value.map((volume) => volume.id));
  const gone = Map.groupBy(
    backups.value.filter(
      (backup) =>
        !there.has(backup.volume_id) &&
        backup.volume_id !== IMPORT_VOLUME_ID &&
        Date.parse(backup.created_at) < Date.parse(volumes.at),
    ),
    (backup) => backup.volume_id,
  );
  const seen = isComplete(backups) ? '' : ' that could be seen';
  return [...gone].map(([id, left]) =>
    finding({
      id: 'backup-dr.volume-gone',
      verdict: 'pass',
      severity: 'info',
      title: `${counted(left.length, 'backup')}${seen} of a volume that is gone`,
      subject: { kind: 'volume', id },
      because: [
        seenIn(backups, `${ids(left)}: there is no volume ${id}`),
        ...left
          .filter((backup) => backup.status === 'error')
          .map((backup) => seenIn(backups, inError(backup))),
      ],
      remedy: 'Keep them as long as the data may be wanted back; then delete them, dependent ones first.',
    }),
  );
}

const IMPORT_VOLUME_ID = '00000000-0000-0000-0000-000000000000';

/** The gaps of the lists; that of the services is told by `backup-dr.service`. */
function unseenOf({ volumes, backups, snapshots, servers, images, flavors }: BackupSnapshot): Finding[] {
  return [volumes, backups, snapshots, servers, images, flavors].flatMap((observed) =>
    observed.gaps.map((gap) =>
      unseen(gap, {
        id: 'backup-dr.unseen',
        title: `Not seen: ${gap.what}`,
        severity: 'medium',
        at: observed.at,
      }),
    ),
  );
}
