import { counted, type Evidence } from '@groundcrew/ground';
import { ageOf, words } from './age.ts';
import { type Copies, dataTime } from './copies.ts';
import type { BackupSnapshot, VolumeBackup } from './observe.ts';
import { hasNoBackupService } from './services.ts';
import { isComplete, type Judgement, missing, seenIn, type Terms } from './verdict.ts';

/** Judges whether a volume with these copies can be restored. */
export function judgeVolume(copies: Copies, snapshot: BackupSnapshot, terms: Terms): Judgement {
  const { backups } = snapshot;
  const newest = copies.chain[0];
  const evidence = [...chainEvidence(copies, snapshot, terms), ...unusableEvidence(copies, snapshot)];
  if (newest === undefined) return withoutCopy(copies, snapshot, evidence);

  // Below what was not seen there may be a part of its chain that is not whole.
  if (newest.is_incremental && !isComplete(backups)) {
    return {
      verdict: 'unknown',
      severity: 'medium',
      predicate: 'has an incremental copy; whether all that it builds on is there could not be seen',
      because: [...evidence, ...missing(backups)],
      remedy: backups.gaps[0]?.remedy,
      age: undefined,
    };
  }
  const age = ageOf(dataTime(newest), terms.now);
  if (age === undefined) {
    return {
      verdict: 'unknown',
      severity: 'medium',
      predicate: `has a copy of which the age is not known`,
      because: evidence,
      remedy: 'Compare the clock of this machine with that of block storage.',
      age,
    };
  }
  if (age <= terms.rpo) {
    const predicate = `can be restored as it was ${words(age)} ago`;
    return { verdict: 'pass', severity: 'high', predicate, because: evidence, remedy: undefined, age };
  }
  if (!isComplete(backups)) {
    return {
      verdict: 'unknown',
      severity: 'medium',
      predicate: `has a copy that is ${words(age)} old; newer ones could not be seen`,
      because: [...evidence, ...missing(backups)],
      remedy: backups.gaps[0]?.remedy,
      age,
    };
  }
  if (copies.unsure.length > 0) {
    const predicate = `has a copy that is ${words(age)} old, and ${counted(copies.unsure.length, 'backup')} of which it is not known`;
    return { verdict: 'unknown', severity: 'medium', predicate, because: evidence, remedy: LOOK, age };
  }
  return {
    verdict: 'fail',
    severity: 'medium',
    predicate: `has no copy newer than ${words(age)}; ${words(terms.rpo)} is allowed`,
    because: evidence,
    remedy: 'Back it up, and let a schedule do it from now on: Cinder has none of its own.',
    age,
  };
}

const LOOK = 'Look at the backup itself: openstack volume backup show.';

function withoutCopy(copies: Copies, snapshot: BackupSnapshot, evidence: readonly Evidence[]): Judgement {
  const { backups, services } = snapshot;
  const common = { severity: 'high', age: undefined } as const;
  if (!isComplete(backups)) {
    return {
      ...common,
      verdict: 'unknown',
      predicate: 'has no copy that could be seen',
      because: [...evidence, ...missing(backups)],
      remedy: backups.gaps[0]?.remedy,
    };
  }
  if (copies.unsure.length > 0) {
    const predicate = `has ${counted(copies.unsure.length, 'backup')} of which it is not known whether it can be restored, or how old it is`;
    return { ...common, verdict: 'unknown', predicate, because: evidence, remedy: LOOK };
  }
  if (hasNoBackupService(snapshot)) {
    const statement =
      'no cinder-backup is registered: whether something else copies this volume is not seen from here';
    return {
      ...common,
      verdict: 'unknown',
      predicate: 'has no copy made by OpenStack',
      because: [...evidence, seenIn(services, statement)],
      remedy: 'Run cinder-backup, or look at what else makes backups.',
    };
  }
  const broken = copies.broken.length > 0;
  return {
    ...common,
    verdict: 'fail',
    predicate: broken
      ? 'has only incremental backups without the full one that they build on'
      : 'has no copy to restore',
    because: [...evidence, ...(broken ? [] : [seenIn(backups, 'it has no backup in status available')])],
    remedy: broken
      ? 'Make a full backup.'
      : 'Back it up: openstack volume backup create (with --force if it is in use).',
  };
}

function chainEvidence({ chain }: Copies, { backups }: BackupSnapshot, { now }: Terms): Evidence[] {
  const newest = chain[0];
  if (newest === undefined) return [];
  const age = ageOf(dataTime(newest), now);
  const when = `with the data of ${dataTime(newest)}${age === undefined ? '' : `, ${words(age)} old`}`;
  const evidence = [seenIn(backups, `backup ${newest.id} is ${newest.status}, ${when}`)];
  if (newest.is_incremental) {
    const statement = `it is incremental: it counts from its own age, but all ${chain.length} backups of its chain are needed, down to the full one ${(chain.at(-1) ?? newest).id}`;
    evidence.push(seenIn(backups, statement));
  }
  if (newest.has_dependent_backups)
    evidence.push(seenIn(backups, 'others build on it: it cannot be deleted before them'));
  return evidence;
}

/** Evidence of what looks like a copy and is none, or may be none. */
function unusableEvidence(
  { broken, unsure, failed, snapshots }: Copies,
  snapshot: BackupSnapshot,
): Evidence[] {
  const evidence = [
    ...failed.map((backup) => seenIn(snapshot.backups, inError(backup))),
    ...unsure.map(({ backup, why }) =>
      seenIn(snapshot.backups, `backup ${backup.id} is ${backup.status}: ${why}`),
    ),
  ];
  if (broken.length > 0) {
    const statement = `${counted(broken.length, 'incremental backup')} of which the full one is not there: ${ids(broken)}`;
    evidence.push(seenIn(snapshot.backups, statement));
  }
  if (snapshots.length > 0) {
    const statement = `${counted(snapshots.length, 'snapshot')} of it: on the same storage, lost with it, so no copy`;
    evidence.push(seenIn(snapshot.snapshots, statement));
  }
  return evidence;
}

/** A backup that failed, named. */
export const inError = (backup: VolumeBackup): string =>
  `backup ${backup.id} is in error${backup.fail_reason === null || backup.fail_reason === '' ? '' : `: ${backup.fail_reason}`}`;

/** Some ids, and a sign that there are more. */
export const ids = (items: readonly { readonly id: string }[]): string =>
  `${items
    .slice(0, 5)
    .map((item) => item.id)
    .join(', ')}${items.length > 5 ? ', …' : ''}`;
