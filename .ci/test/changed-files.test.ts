import { execFileSync } from 'node:child_process';
import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { changedFiles } from '../changed-files.ts';

function folder(): string {
  const made = mkdtempSync(path.join(tmpdir(), 'changed-'));
  onTestFinished(() => rmSync(made, { recursive: true }));
  return made;
}

/** A repository, and a function that commits what is in it as if that had been so many hours ago. */
function repository() {
  const root = folder();
  const git = (args: readonly string[], env: Readonly<Record<string, string>> = {}): string =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], {
      cwd: root,
      encoding: 'utf8',
      env: { ...process.env, ...env },
    });
  git(['init', '--quiet']);
  const commit = (hoursAgo: number): void => {
    const date = new Date(Date.now() - hoursAgo * 3_600_000).toISOString();
    git(['add', '--all']);
    git(['commit', '--quiet', '--message=x'], { GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date });
  };
  const write = (file: string, text: string): void => writeFileSync(path.join(root, file), text);
  return { root, commit, write };
}

test('what differs from the newest commit that is a day older than the last, whatever day it is now', () => {
  const { root, commit, write } = repository();
  write('old', '1');
  commit(72);
  write('older than a day', '1');
  write('moved', 'the same text, long enough to be known again\n');
  commit(27);
  expect(changedFiles(root)?.toSorted()).toEqual(['moved', 'older than a day']);
  write('yesterday', '1');
  commit(23);
  renameSync(path.join(root, 'moved'), path.join(root, 'to here'));
  commit(1);
  write('old', '2');
  write('not committed', '1');
  expect(changedFiles(root)?.toSorted()).toEqual(['moved', 'not committed', 'old', 'to here', 'yesterday']);
});

test('no commit is a day older than the last', () => {
  const { root, commit, write } = repository();
  expect(changedFiles(root)).toBeUndefined();
  write('a', '1');
  commit(50);
  write('a', '2');
  commit(49);
  expect(changedFiles(root)).toBeUndefined();
});

test('a shallow clone does not know', () => {
  const { root, commit, write } = repository();
  write('a', '1');
  commit(50);
  write('a', '2');
  commit(49);
  const clone = path.join(folder(), 'clone');
  execFileSync('git', ['clone', '--quiet', '--depth=1', pathToFileURL(root).href, clone]);
  expect(changedFiles(clone)).toBeUndefined();
});

test('no repository at all', () => {
  expect(changedFiles(folder())).toBeUndefined();
});
