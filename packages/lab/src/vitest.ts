// The global set-up of the live tests (`pnpm test:live`): the lab is up before the first of them.
// LAB_ONLY=full and LAB_SUITES=trixie,forky bring up more than the default.

import { ensureLab, type LabSuite } from './index.ts';

// `roll` is not among them: what is to be rolled is made anew by the test that rolls it.
const SUITES: readonly LabSuite[] = ['bullseye', 'trixie', 'forky', 'hop'];

function onProgress(line: string): void {
  process.stderr.write(`[lab] ${line}\n`);
}

export default async function setup(): Promise<void> {
  const only = process.env['LAB_ONLY'] === 'full' ? 'full' : 'core';
  const wanted = process.env['LAB_SUITES']?.split(',') ?? [];
  const lab = await ensureLab({ only, onProgress });
  await lab.restore();
  for (const suite of SUITES) {
    if (wanted.includes(suite)) await ensureLab({ suite, onProgress });
  }
  // Every client, ours and the openstack command, finds the clouds by this.
  process.env['OS_CLIENT_CONFIG_FILE'] = lab.cloudsYaml;
}
