import type { Host } from '@groundcrew/runbook/hosts';

export interface ScratchOptions {
  readonly host: Pick<Host, 'run'>;
  readonly scratch?: string | undefined;
  readonly sudo?: boolean | string | undefined;
}

/** Work in a folder of the host that is gone afterwards, however the work ended. */
export async function withScratch<T>(
  { host, scratch = '/var/tmp', sudo }: ScratchOptions,
  signal: AbortSignal | undefined,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const more = sudo === undefined ? {} : { sudo };
  const made = await host.run(['mktemp', '--directory', `--tmpdir=${scratch}`, 'groundcrew-db.XXXXXXXX'], {
    ...more,
    signal,
  });
  const folder = made.stdout.trim();
  try {
    return await work(folder);
  } finally {
    // Not under the signal, which may be why the work ended.
    await host.run(['rm', '-rf', '--one-file-system', '--', folder], { ...more, timeout: '10m' });
  }
}
