/**
 * The processes, and all that they started, by the table that `ps -e -o pid=,ppid=` prints. Parents come first: a parent that is
 * signalled first cannot start a new child in place of one that was. A process that is not in the table is left out.
 *
 * @example withDescendants([10], '10 1\n11 10\n12 11') // [10, 11, 12]
 */
export function withDescendants(roots: readonly number[], table: string): number[] {
  const parents = new Map(
    table.split('\n').flatMap((line) => {
      const [pid, parent] = line.trim().split(/\s+/).map(Number);
      return pid === undefined || parent === undefined ? [] : [[pid, parent] as const];
    }),
  );
  const all = roots.filter((pid) => parents.has(pid));
  // Grows while it is gone through.
  for (const known of all)
    for (const [pid, parent] of parents) if (parent === known && !all.includes(pid)) all.push(pid);
  return all;
}
