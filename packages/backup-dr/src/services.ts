import { type Finding, finding } from '@groundcrew/runbook';
import type { BackupService, BackupSnapshot } from './observe.ts';
import { isComplete, missing, seenIn } from './verdict.ts';

const backupServices = ({ services }: BackupSnapshot): readonly BackupService[] =>
  services.value.filter((one) => one.binary === 'cinder-backup');

/** It is known that nothing of OpenStack makes backups of volumes here. */
export const hasNoBackupService = (snapshot: BackupSnapshot): boolean =>
  isComplete(snapshot.services) && backupServices(snapshot).length === 0;

/** Whether there is something that makes and restores backups of volumes, and whether it works. */
export function ofServices(snapshot: BackupSnapshot): Finding {
  const { backups, services } = snapshot;
  const base = {
    id: 'backup-dr.service',
    severity: 'high',
    subject: { kind: 'cloud', id: 'backup service' },
  } as const;
  if (backups.completeness === 'unsupported') {
    return finding({
      ...base,
      verdict: 'unknown',
      title: 'This cloud has no API for backups of volumes',
      because: missing(backups),
      remedy: 'Deploy Cinder with cinder-backup, or show by other means what volumes are restored from.',
    });
  }
  if (!isComplete(services)) {
    return finding({
      ...base,
      verdict: 'unknown',
      severity: 'medium',
      title: 'Whether a backup service works could not be seen',
      because: missing(services),
      remedy: services.gaps[0]?.remedy,
    });
  }
  const all = backupServices(snapshot);
  if (all.length === 0) {
    return finding({
      ...base,
      verdict: 'unknown',
      title: 'OpenStack makes no backups of volumes here',
      because: [
        seenIn(services, 'no cinder-backup is registered; what else may make copies is not seen from here'),
      ],
      remedy: 'Run cinder-backup, or show by other means what volumes are restored from.',
    });
  }
  const up = all.filter((one) => one.state === 'up');
  const statement = `${up.length} of ${all.length} cinder-backup are up: ${all.map((one) => `${one.host} ${one.state}`).join(', ')}`;
  return finding({
    ...base,
    verdict: up.length > 0 ? 'pass' : 'fail',
    title:
      up.length > 0
        ? 'Backups of volumes can be made and restored'
        : 'No backup service works: no backup can be made or restored',
    because: [seenIn(services, statement)],
    remedy: up.length > 0 ? undefined : `Start cinder-backup on ${all.map((one) => one.host).join(' or ')}.`,
  });
}
