import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll } from 'vitest';
import { engineContract } from './engine-contract.ts';
import { FolderEngine } from './folder-engine.ts';

let folder = '';
afterAll(() => rm(folder, { recursive: true, force: true }));

engineContract(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'engine-'));
  return new FolderEngine(path.join(folder, 'repository'));
});
