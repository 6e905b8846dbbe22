// A block of docs/guides/backup.md: backup.test.ts compares them.
import { backupController, protect } from '@groundcrew/backup-dr/backup';
import { proofLedger } from '@groundcrew/backup-dr/prove';
import { openRepository, restic } from '@groundcrew/backup-dr/repository';
import { imageReader } from '@groundcrew/backup-dr/volume-bytes';
import { connect, Secret } from '@groundcrew/core';
import { fileJournal, fileLease, fileState } from '@groundcrew/runbook';

const password = new Secret(process.env['BACKUP_PASSWORD'] ?? '');
const kept = '/var/lib/groundcrew';
await using cloud = connect({ cloud: 'prod' });
await using repo = await openRepository({
  engine: restic({ repository: '/srv/backups', password }),
  lease: (point) => fileLease(`${kept}/point-${point}`),
});
const controller = backupController({
  policies: ['shop', 'mail'].map((project) =>
    protect({ project, rpo: '4h', rto: '1h', keep: { daily: 14, monthly: 12 }, forgetAtMost: 3 }),
  ),
  source: (project) => {
    const scope = cloud.scoped({ project_name: project, project_domain_name: 'Default' });
    return { cloud: scope, reader: imageReader(scope) };
  },
  repository: repo,
  ledger: proofLedger(`${kept}/proofs.jsonl`),
  state: fileState(`${kept}/backups.json`),
  journal: (name) => fileJournal(`${kept}/${name}.journal`),
  lease: fileLease(`${kept}/backups`),
});
controller.events.on('stored', ({ project, point, completeness }) =>
  console.log(project, point, completeness),
);
controller.events.on('declined', ({ project, purpose, refusals }) =>
  console.error(project, purpose, refusals.map(({ reason }) => reason).join('; ')),
);
controller.events.on('ended', ({ project, purpose, outcome }) =>
  console.log(project, purpose, outcome.status),
);
controller.events.on('trouble', ({ error }) => console.error(error));
const stop = new AbortController();
process.once('SIGTERM', () => stop.abort());
await controller.run({ signal: stop.signal });
