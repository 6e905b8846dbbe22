/** The rows that `online_data_migrations` says it has migrated: the sum of the last column of its table; `undefined` if it printed none. */
export function completedIn(stdout: string): number | undefined {
  const counts = [...stdout.matchAll(/^\|[^|\n]{1,200}\|\s*\d+\s*\|\s*(\d+)\s*\|\s*$/gm)].map(([, count]) =>
    Number(count),
  );
  return counts.length === 0 ? undefined : counts.reduce((sum, count) => sum + count, 0);
}
