// A block of docs/guides/backup.md: backup.test.ts compares them, and runs it.
import { findOrphans, planOrphanMends, readOrphanSources } from '@groundcrew/backup-dr/control-plane';
import { connect } from '@groundcrew/core';
import { explain, worstFirst } from '@groundcrew/runbook';

await using cloud = connect({ cloud: 'prod' }); // as an administrator
const sources = await readOrphanSources(cloud); // and hosts: { 'compute-1': sshHost(…) }, whose guests are asked for
for (const { verdict, title, remedy } of worstFirst(findOrphans(sources)))
  console.log(verdict, title, remedy ?? '');

const planned = planOrphanMends(sources, { attachments: 'delete', ports: 'unbind' });
if (planned.ok) console.log(explain(planned.plan));
else for (const { code, reason, remedy } of planned.refusals) console.log(code, reason, remedy ?? '');
