/**
 * Output that is handed over piece by piece, as one that is asked for: who produces it waits until each piece was taken. Who stops
 * asking ends the production.
 *
 * @throws what the production throws, after the pieces that came before
 */
export async function* pulled(
  produce: (hand: (piece: Uint8Array) => Promise<void>, signal: AbortSignal) => Promise<void>,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const stop = new AbortController();
  const pieces = new TransformStream<Uint8Array, Uint8Array>();
  const writer = pieces.writable.getWriter();
  const until = signal === undefined ? stop.signal : AbortSignal.any([signal, stop.signal]);
  let failure: { readonly error: unknown } | undefined;
  const production = produce((piece) => writer.write(piece), until)
    .catch((error: unknown) => {
      failure = { error };
    })
    .then(() => writer.close())
    .catch(() => undefined);
  const reader = pieces.readable.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield value;
    }
    if (failure !== undefined) throw failure.error;
  } finally {
    stop.abort();
    await reader.cancel().catch(() => undefined);
    await production;
  }
}
