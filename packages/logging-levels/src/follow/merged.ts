/**
 * Reads several sources at once, and gives what comes, in the order in which it comes: a source that waits holds up no other. Of
 * each source no more than one thing is held.
 *
 * @param stop - makes all sources end, for a reader that goes away early
 */
export async function* merged<T>(
  sources: readonly AsyncGenerator<T, void>[],
  stop: () => void,
): AsyncGenerator<T> {
  const ready: { readonly source: AsyncGenerator<T, void>; readonly value: T }[] = [];
  let open = sources.length;
  let failure: { readonly error: unknown } | undefined;
  let wake: (() => void) | undefined;

  const ask = async (source: AsyncGenerator<T, void>): Promise<void> => {
    try {
      const { done, value } = await source.next();
      if (done === true) open -= 1;
      else ready.push({ source, value });
    } catch (error) {
      failure ??= { error };
    }
    wake?.();
  };

  try {
    for (const source of sources) void ask(source);
    for (;;) {
      const next = ready.shift();
      if (next !== undefined) {
        yield next.value;
        void ask(next.source);
      } else if (failure !== undefined) throw failure.error;
      else if (open === 0) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  } finally {
    stop();
    await Promise.all(sources.map((source) => source.return(undefined)));
  }
}
