import { accepted, ok } from '../../answer.ts';
import { admin, type Call, type Routes } from '../../call.ts';
import { badRequest } from '../../fault.ts';
import { type Json, record, text } from '../../wire.ts';
import type { VolumeService } from './state.ts';

const LEVELS = ['CRITICAL', 'ERROR', 'WARNING', 'INFO', 'DEBUG'];
const ROOT = 'cinder';

/** Log levels of Cinder's processes while they run (`cinder/api/contrib/services.py`, since 3.32). */
export const logLevelRoutes: Routes = {
  'PUT os-services/get-log': admin('volume_extension:services:update', (call) => {
    const given = record(call.body);
    const prefix = text(given['prefix']) ?? '';
    return ok({
      log_levels: processes(call, given).map((service) => ({
        host: service.host,
        binary: service.binary,
        levels: Object.fromEntries(
          Object.entries(levelsOf(call, service, prefix)).filter(([name]) => name.startsWith(prefix)),
        ),
      })),
    });
  }),
  'PUT os-services/set-log': admin('volume_extension:services:update', (call) => {
    const given = record(call.body);
    const level = text(given['level'])?.toUpperCase() ?? '';
    if (!LEVELS.includes(level))
      throw badRequest(`Invalid input received: ${text(given['level']) ?? ''} is not a valid log level.`);
    const { logLevels } = call.state.blockStorage;
    for (const { host, binary } of processes(call, given)) {
      const key = `${binary} ${host}`;
      const levels = logLevels.get(key) ?? new Map<string, string>();
      logLevels.set(key, levels.set(text(given['prefix']) ?? '', level));
    }
    return accepted();
  }),
};

/** The processes that a request names: of one binary or of all (`''`, `'*'`), on one server or on all. */
function processes(call: Call, given: Json): VolumeService[] {
  const binary = text(given['binary']) ?? '';
  const known = ['cinder-scheduler', 'cinder-volume', 'cinder-backup', 'cinder-api', '', '*'];
  if (!known.includes(binary)) {
    throw badRequest(
      `Invalid input for field/attribute binary. Value: ${binary}. '${binary}' is not one of [${known.map((name) => `'${name}'`).join(', ')}]`,
    );
  }
  const server = text(given['server']) ?? '';
  return call.state.blockStorage.services.filter(
    (service) =>
      (binary === '' || binary === '*' || service.binary === binary) &&
      (server === '' || service.host === server),
  );
}

/**
 * The levels of loggers: the root, those that were set, and the one asked for, which has the level of the longest
 * prefix.
 */
function levelsOf(call: Call, { host, binary }: VolumeService, prefix: string): Record<string, string> {
  const set = call.state.blockStorage.logLevels.get(`${binary} ${host}`) ?? new Map<string, string>();
  const levelAt = (name: string): string =>
    [...set]
      .filter(([logger]) => name.startsWith(logger))
      .toSorted(([a], [b]) => b.length - a.length)[0]?.[1] ?? 'INFO';
  const names = new Set([ROOT, ...set.keys(), ...(prefix.startsWith(ROOT) ? [prefix] : [])]);
  names.delete('');
  return Object.fromEntries([...names].map((name) => [name, levelAt(name)]));
}
