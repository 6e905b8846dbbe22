// Do the logs mean what their level says? A directory of log files in, findings out.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { assess, observe } from '@groundcrew/logging-levels';

const logs = await mkdtemp(path.join(tmpdir(), 'logs-'));
await writeFile(
  path.join(logs, 'nova-compute.log'),
  `2026-01-01 00:00:01.000 7 INFO nova.compute.manager [-] Instance spawned successfully.
2026-01-01 00:00:03.000 7 INFO nova.compute.manager [-] Traceback (most recent call last):
2026-01-01 00:00:03.000 7 INFO nova.compute.manager [-]   File "manager.py", line 1, in spawn
2026-01-01 00:00:03.000 7 INFO nova.compute.manager [-] ValueError: no
2026-01-01 00:00:04.000 7 DEBUG keystoneauth.session [-] REQ: curl -H "X-Auth-Token: gAAAAABl0a1bcdefghijklmnopqrstuvwxyz0123456789"
`,
);
try {
  for (const { verdict, severity, title, because } of assess(await observe(logs))) {
    if (verdict === 'pass') continue;
    console.log(`${verdict} ${severity} ${title}`);
    for (const { statement, source } of because.slice(0, 2)) console.log(`  ${statement} (${source})`);
  }
} finally {
  await rm(logs, { recursive: true });
}
