import { counted, finding, type Finding } from '@groundcrew/ground';
import type { BackupService, BackupSnapshot } from './observe.ts';
import { isComplete, missing, seenIn } from './verdict.ts';

const backupServices = ({ services }: BackupSnapshot): readonly BackupService[] =>
  services.value.filter((service) => service.binary === 'cinder-backup');

/** It is known that nothing of OpenStack makes backups of volumes here. */
export const hasNoBackupService = (snapshot: BackupSnapshot): boolean =>
  isComplete(snapshot.services) && backupServices(snapshot).length === 0;

/**
 * Judges whether there is a service that makes and restores backups of volumes, and whether it works. Cinder hands its work
 * to a service that is up *and* enabled (`cinder/backup/api.py`, `_list_backup_services`), and knows two words for each
 * (`cinder/api/contrib/services.py`): what is neither is not known.
 */
export function backupServiceFinding(snapshot: BackupSnapshot): Finding {
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
  const of = all.map(
    (service) =>
      `${service.host} ${service.state}${service.status === 'enabled' ? '' : `, ${service.status}`}`,
  );
  const counts = (n: number): string => `${n} of ${counted(all.length, 'cinder-backup service')}`;
  const able = all.filter((service) => service.state === 'up' && service.status === 'enabled');
  const unable = all.filter((service) => service.state === 'down' || service.status === 'disabled');
  const because = [seenIn(services, `${counts(able.length)} up and enabled: ${of.join(', ')}`)];
  if (able.length > 0)
    return finding({
      ...base,
      verdict: 'pass',
      title: `${counts(able.length)} up and enabled`,
      because,
      remedy: undefined,
    });
  if (unable.length < all.length) {
    return finding({
      ...base,
      verdict: 'unknown',
      title: 'Whether a backup service works is not known',
      because,
      remedy:
        'Look at the states of the backup services: Cinder knows `up` and `down`, `enabled` and `disabled`.',
    });
  }
  return finding({
    ...base,
    verdict: 'fail',
    title: 'No backup service works: no backup can be made or restored',
    because,
    remedy: `Start cinder-backup, or enable it where it is disabled, on ${all.map((service) => service.host).join(' or ')}.`,
  });
}
