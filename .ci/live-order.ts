import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * Live tests that need the whole lab come last: its further services take a good part of two cores from then on, and whatever
 * else runs beside them is slower.
 */
export class LiveOrder extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    // It is vitest's own order, not an array's, and it answers with a new list.
    // oxlint-disable-next-line unicorn/no-array-sort
    const ordered = await super.sort(files);
    const needing = new Set(ordered.filter(({ moduleId }) => needsWholeLab(moduleId)));
    return [...ordered.filter((file) => !needing.has(file)), ...needing];
  }
}

/** Whether a file asks for the whole lab, by itself or by what it imports from the live suite that it belongs to. */
export function needsWholeLab(file: string): boolean {
  if (!file.includes(`${path.sep}live${path.sep}`)) return false;
  const text = readFileSync(file, 'utf8');
  if (text.includes("only: 'full'")) return true;
  return [...text.matchAll(/from '(\.{1,2}\/[^']+\.ts)'/g)].some(([, name = '']) => {
    const imported = path.join(path.dirname(file), name);
    return existsSync(imported) && needsWholeLab(imported);
  });
}
