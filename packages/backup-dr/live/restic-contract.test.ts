import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { ensurePackages } from '@groundcrew/lab';
import { afterAll, beforeAll } from 'vitest';
import { restic } from '../src/repository.ts';
import { engineContract } from '../test/repository/engine-contract.ts';

let folder = '';
beforeAll(() => ensurePackages(['restic']), 15 * 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

engineContract(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'restic-'));
  return restic({
    repository: path.join(folder, 'repository'),
    password: 'pa55 word',
    cache: path.join(folder, 'cache'),
  });
});
