import { readFile, rename, writeFile } from 'node:fs/promises';
import { ConfigError } from '@groundcrew/core';
import { messageOf } from '@groundcrew/ground';
import { Templates } from '@groundcrew/logging-levels/templates';

/** Reads templates that `saveTemplates` wrote. @throws ConfigError naming the file */
export async function readTemplates(file: string): Promise<Templates> {
  try {
    return Templates.from(JSON.parse(await readFile(file, 'utf8')));
  } catch (cause) {
    throw new ConfigError(`${file}: no saved templates can be read of it: ${messageOf(cause)}`, {
      file,
      cause,
      remedy: 'Name a file that --save-templates has written; the first report has none to compare with.',
    });
  }
}

/** Replaces the file as a whole, so that one that is there is kept if it cannot be written. @throws ConfigError */
export async function saveTemplates(file: string, templates: Templates): Promise<void> {
  const draft = `${file}.new`;
  try {
    await writeFile(draft, `${JSON.stringify(templates)}\n`, { mode: 0o600 });
    await rename(draft, file);
  } catch (cause) {
    throw new ConfigError(`${file}: the templates cannot be saved there: ${messageOf(cause)}`, {
      file,
      cause,
      remedy: 'Name a file in a folder that this user may write.',
    });
  }
}
