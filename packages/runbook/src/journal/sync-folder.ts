import { open } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Makes the name of a new file durable; fsync of the file alone does not (fsync(2)). */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(dirname(path), 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
