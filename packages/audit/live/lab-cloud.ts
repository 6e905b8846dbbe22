import { type Cloud, connect } from '@groundcrew/core';
import { ensureLab } from '@groundcrew/lab';

/** The lab, as its administrator sees it; it is started if it does not run. */
export async function labCloud(): Promise<Cloud> {
  const lab = await ensureLab({ only: 'full' });
  const env = { OS_CLIENT_CONFIG_FILE: lab.cloudsYaml };
  return connect({ cloud: lab.cloud('admin'), env });
}
