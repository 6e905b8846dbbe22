import {
  anObjectWith,
  aSignal,
  InputError,
  messageOf,
  optionsSchema,
  parseArguments,
} from '@groundcrew/ground';
import { z } from 'zod';
import type { PointGap, RecoveryPoint } from '../repository/point.ts';
import type { BackupRepository, PointContent, PointWriter } from '../repository/repository.ts';
import type { ControlPlaneContents, ControlPlanePart } from './control-plane-part.ts';

export interface BackupControlPlaneOptions {
  /** In the order in which they are read: databases first, so that what refers to them is not older. */
  readonly parts: readonly ControlPlanePart[];
  /** The cloud, by which the point is found again. */
  readonly site: string;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((part: string, message: string) => void) | undefined;
}

export interface ControlPlanePoint {
  readonly point: RecoveryPoint;
  readonly contents: ControlPlaneContents;
}

const options = optionsSchema<BackupControlPlaneOptions>({
  parts: z.array(anObjectWith<ControlPlanePart>('a part of a control plane', 'name', 'store')).min(1),
  site: z.string().min(1),
  signal: aSignal.optional(),
  onProgress: z
    .custom<BackupControlPlaneOptions['onProgress']>((value) => typeof value === 'function')
    .optional(),
});

/**
 * Stores the parts of a control plane as one recovery point. A part that cannot be read, or is not what was stored, makes the point
 * `partial`, with a gap that says so; if none could be stored, there is no point.
 *
 * @throws InputError; RepositoryError; what the first part threw if all did
 * @example
 * const { point } = await backupControlPlane(repo, {
 *   site: 'fra',
 *   parts: [mariadb({ host }), hostFiles({ host, name: 'keystone-keys', paths: ['/etc/keystone/fernet-keys'] })],
 * });
 * console.log(point.completeness, point.gaps);
 */
export async function backupControlPlane(
  repository: BackupRepository,
  given: BackupControlPlaneOptions,
): Promise<ControlPlanePoint> {
  parseArguments('backupControlPlane', options, given);
  const { parts, site, signal, onProgress } = given;
  checkNames(parts);
  let contents: ControlPlaneContents = { kind: 'control-plane', parts: [] };
  const point = await repository.write(
    { labels: { kind: 'control-plane', site }, signal },
    async (writer): Promise<PointContent> => {
      const gaps: PointGap[] = [];
      const stored: ControlPlaneContents['parts'][number][] = [];
      let failure: unknown;
      for (const part of parts) {
        writer.signal.throwIfAborted();
        try {
          const recording = recordingWriter(writer);
          const { facts, gaps: own } = await part.store({
            writer: recording.writer,
            engine: repository.engine,
            progress: (message) => onProgress?.(part.name, message),
          });
          const { name, kind, host } = part;
          stored.push({ name, kind, host, streams: recording.names, facts });
          gaps.push(...own);
        } catch (error) {
          writer.signal.throwIfAborted();
          failure ??= error;
          gaps.push({ what: `${part.name} of ${part.host}`, why: messageOf(error) });
        }
      }
      if (stored.length === 0) throw failure;
      contents = { kind: 'control-plane', parts: stored };
      return { completeness: gaps.length === 0 ? 'complete' : 'partial', gaps, contents };
    },
  );
  return { point, contents };
}

function checkNames(parts: readonly ControlPlanePart[]): void {
  const seen = new Set<string>();
  for (const [at, { name }] of parts.entries()) {
    if (seen.has(name))
      throw new InputError(`backupControlPlane: parts.${at}.name: ${JSON.stringify(name)} is there twice`, {
        field: `parts.${at}.name`,
        operation: 'backupControlPlane',
      });
    seen.add(name);
  }
}

/** A writer that notes which streams a part has. */
function recordingWriter(writer: PointWriter): { readonly writer: PointWriter; readonly names: string[] } {
  const names: string[] = [];
  return {
    names,
    writer: {
      id: writer.id,
      signal: writer.signal,
      async put(name, content, more) {
        const stream = await writer.put(name, content, more);
        names.push(name);
        return stream;
      },
      stored: (name) => writer.stored(name),
      async keep(name) {
        const stream = await writer.keep(name);
        names.push(name);
        return stream;
      },
    },
  };
}
