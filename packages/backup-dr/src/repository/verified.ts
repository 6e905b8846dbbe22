import { DigestStream } from './digest-stream.ts';
import type { PointStream } from './point.ts';
import { RepositoryError } from './repository-error.ts';

/**
 * Passes a whole stream on, and throws at its end if it is not what was stored.
 *
 * @throws RepositoryError `repository-damaged`
 */
export async function* verified(
  content: AsyncIterable<Uint8Array>,
  { name, size, sha256 }: PointStream,
): AsyncGenerator<Uint8Array, void, undefined> {
  const digest = new DigestStream();
  yield* digest.of(content);
  if (digest.size === size && digest.sha256 === sha256) return;
  throw new RepositoryError(
    'repository-damaged',
    `stream ${JSON.stringify(name)} came back as ${digest.size} bytes with SHA-256 ${digest.sha256}; ${size} with ${sha256} were stored`,
    { remedy: 'Use none of it; check the repository, and try an older point.' },
  );
}
