// A block of docs/guides/backup.md: backup.test.ts compares them.
import {
  backupImplementations,
  dueBackups,
  planBackup,
  planRetention,
  protect,
  retentionImplementations,
} from '@groundcrew/backup-dr/backup';
import { assessProtection, proofLedger, protectionOf } from '@groundcrew/backup-dr/prove';
import { openRepository, restic } from '@groundcrew/backup-dr/repository';
import { imageReader } from '@groundcrew/backup-dr/volume-bytes';
import { connect, Secret } from '@groundcrew/core';
import { explain, fileJournal, run } from '@groundcrew/runbook';

const password = new Secret(process.env['BACKUP_PASSWORD'] ?? '');
await using cloud = connect({ cloud: 'prod' });
await using repo = await openRepository({ engine: restic({ repository: '/srv/backups', password }) });
const ledger = proofLedger('/var/lib/groundcrew/proofs.jsonl');
const policies = ['shop', 'mail'].map((project) =>
  protect({ project, rpo: '4h', rto: '1h', keep: { daily: 14, monthly: 12 } }),
);

const { begin, lookAgainAt } = dueBackups(policies, { points: await repo.points(), now: Date.now() });
for (const policy of policies.filter(({ project }) => begin.some((due) => due.project === project))) {
  const scope = cloud.scoped({ project_name: policy.project, project_domain_name: 'Default' });
  const reader = imageReader(scope);
  const planned = await planBackup(policy, { cloud: scope, reader });
  if (!planned.ok) throw new TypeError(planned.refusals[0].reason);
  const { outcome } = run(planned.plan, {
    approved: planned.plan.digest, // who wrote the policy has approved what it says
    implementations: backupImplementations({ cloud: scope, repository: repo, reader }),
    journal: fileJournal(`/var/lib/groundcrew/${policy.project}-${Date.now()}.journal`),
  });
  console.log(policy.project, (await outcome).status);
}
console.log('nothing more is due before', lookAgainAt);

for (const policy of policies) {
  const now = Date.now();
  const held = { points: await repo.points(), proofs: await ledger.read(), now };
  const planned = planRetention(policy, held);
  if (!planned.ok) throw new TypeError(planned.refusals[0].reason);
  console.log(explain(planned.plan));
  const { outcome } = run(planned.plan, {
    approved: planned.plan.digest, // in earnest: what the person who read it typed
    implementations: retentionImplementations({ repository: repo, ledger }),
    journal: fileJournal(`/var/lib/groundcrew/retention-${policy.project}-${now}.journal`),
  });
  console.log(policy.project, (await outcome).status);
  console.log(assessProtection(protectionOf(policy, { ...held, maxProofAgeMs: 30 * 86_400_000 })).title);
}
