import { accepted, ok } from '../../answer.ts';
import { admin, type Call, type Routes } from '../../call.ts';
import { badRequest } from '../../fault.ts';
import { type Json, record, text } from '../../wire.ts';
import { LOG_LEVELS } from './log-processes.ts';
import type { VolumeService } from './state.ts';
import { isUp } from './views.ts';
import { tellCapabilities } from './volume-log.ts';

const API = 'cinder-api';

/** Log levels of Cinder's processes while they run (`cinder/api/contrib/services.py` of 21.3.1, since 3.32). */
export const logLevelRoutes: Routes = {
  'PUT os-services/get-log': admin('volume_extension:services:update', (call) => {
    const { given, binary, server } = targetOf(call);
    const prefix = text(given['prefix']) ?? '';
    const { logProcesses } = call.state.blockStorage;
    const host = apiHost(call);
    // The worker that serves the request reads its own levels, and asks the others'.
    const worker = logProcesses.apiWorker(logProcesses.workerOf(call.request));
    const api =
      withApi(binary) && (server === '' || server === host)
        ? [{ host, binary: API, levels: worker.levels(prefix, call.now) }]
        : [];
    const others = servicesOf(call, binary, server).map((service) => ({
      host: service.host,
      binary: service.binary,
      levels: logProcesses.service(service.binary, service.host).levels(prefix, call.now),
    }));
    return ok({ log_levels: [...api, ...others] });
  }),
  'PUT os-services/set-log': admin('volume_extension:services:update', (call) => {
    const { given, binary, server } = targetOf(call);
    const level = text(given['level'])?.toUpperCase() ?? '';
    if (!LOG_LEVELS.includes(level))
      throw badRequest(`Invalid input received: ${text(given['level']) ?? ''} is not a valid log level.`);
    const { logProcesses } = call.state.blockStorage;
    const prefix = text(given['prefix']) ?? '';
    const worker = logProcesses.apiWorker(logProcesses.workerOf(call.request));
    // Whatever the server: Cinder asks for it where it reads, and not where it sets.
    if (withApi(binary)) worker.set(prefix, level);
    const at = call.now + call.state.settings.timing.cast;
    for (const service of servicesOf(call, binary, server)) {
      logProcesses.service(service.binary, service.host).cast({ at, prefix, level });
      tellCapabilities(call.state, service);
    }
    return accepted();
  }),
};

const withApi = (binary: string): boolean => binary === '' || binary === '*' || binary === API;

/** `CONF.host` of the API: it has no service of its own in the list. */
const apiHost = (call: Call): string =>
  call.state.blockStorage.services.find(({ binary }) => binary === 'cinder-scheduler')?.host ??
  'controller-1';

function targetOf(call: Call): { given: Json; binary: string; server: string } {
  const given = record(call.body);
  const binary = text(given['binary']) ?? '';
  const known = ['cinder-scheduler', 'cinder-volume', 'cinder-backup', API, '', '*'];
  if (!known.includes(binary)) {
    throw badRequest(
      `Invalid input for field/attribute binary. Value: ${binary}. '${binary}' is not one of [${known.map((name) => `'${name}'`).join(', ')}]`,
    );
  }
  return { given, binary, server: text(given['server']) ?? '' };
}

/** The services that a request is about: those that are down are left out, without a word. */
const servicesOf = (call: Call, binary: string, server: string): VolumeService[] =>
  binary === API
    ? []
    : call.state.blockStorage.services.filter(
        (service) =>
          isUp(call.now, service) &&
          (binary === '' || binary === '*' || service.binary === binary) &&
          (server === '' || service.host === server || service.host.startsWith(`${server}@`)),
      );
