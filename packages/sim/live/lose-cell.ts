import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { Cloud } from '@groundcrew/core';
import type { CleanUp } from './clean-up.ts';
import { simulated, unique, type ParityCloud } from './parity-clouds.ts';

/** A host and a server of `demo` in a cell whose database does not answer. */
export interface DownCell {
  readonly host: string;
  readonly server: string;
}

const run = promisify(execFile);
const lab = (...args: string[]) =>
  run(new URL('../../lab/lab', import.meta.url).pathname, args, { timeout: 120_000 });
const sql = async (query: string): Promise<string> => (await lab('mysql', '-N', '-e', query)).stdout.trim();

const CELL = 99;

/**
 * On the lab: a cell of its own, mapped to a port on which nobody listens, with a host and a server that only the API's
 * database knows: copies of what it has of a server that was really made. Nova's API is started anew, for it reads its
 * cells once; until then, and until it has given up the database, it tries for a second, not for its usual hundred.
 */
async function onLab(cloud: Cloud, model: string, clean: CleanUp): Promise<DownCell> {
  const host = unique('down');
  const server = globalThis.crypto.randomUUID();
  const conf = `${process.env['LAB_DIR'] ?? '/var/tmp/groundcrew-lab'}/lab/etc/nova/nova.conf`;
  const before = await readFile(conf, 'utf8');
  const api = 'lab_nova_api';
  const restart = async (): Promise<void> => {
    await lab('restart', 'nova-api');
    for (let tries = 0; ; tries += 1) {
      try {
        await Array.fromAsync(cloud.compute.flavors.list());
        return;
      } catch (error) {
        if (tries === 10) throw error;
      }
    }
  };
  clean.later(async () => {
    await writeFile(conf, before);
    await sql(
      `delete from ${api}.instance_mappings where cell_id = ${CELL}; delete from ${api}.request_specs where instance_uuid = '${server}'; delete from ${api}.host_mappings where cell_id = ${CELL}; delete from ${api}.cell_mappings where id = ${CELL}`,
    );
    await restart();
  });
  await writeFile(conf, before.replace('[database]\n', '[database]\nmax_retries = 1\nretry_interval = 1\n'));
  await sql(
    `insert into ${api}.cell_mappings (id, uuid, name, transport_url, database_connection, disabled, created_at) values (${CELL}, '${globalThis.crypto.randomUUID()}', 'down', 'none:///', 'mysql+pymysql://lab:x@127.0.0.1:3/down', 0, now());
     insert into ${api}.host_mappings (cell_id, host, created_at) values (${CELL}, '${host}', now());
     insert into ${api}.request_specs (instance_uuid, spec, created_at) select '${server}', replace(spec, '${model}', '${server}'), now() from ${api}.request_specs where instance_uuid = '${model}';
     insert into ${api}.instance_mappings (instance_uuid, cell_id, project_id, user_id, queued_for_delete, created_at) select '${server}', ${CELL}, project_id, user_id, 0, now() from ${api}.instance_mappings where instance_uuid = '${model}'`,
  );
  await restart();
  return { host, server };
}

/** The host of the model, with all that is on it. */
function onSimulated(model: string, clean: CleanUp): DownCell {
  const host = simulated.state.compute.servers.get(model)?.host ?? '';
  simulated.cells.lose(host);
  clean.later(async () => simulated.cells.regain());
  return { host, server: model };
}

export const loseCell = async (
  parityCloud: ParityCloud,
  cloud: Cloud,
  model: string,
  clean: CleanUp,
): Promise<DownCell> => (parityCloud.name === 'lab' ? onLab(cloud, model, clean) : onSimulated(model, clean));
