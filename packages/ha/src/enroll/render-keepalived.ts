import { Secret } from '@groundcrew/core';
import { parseArguments } from '@groundcrew/ground';
import * as z from 'zod';
import { filePath } from './config-words.ts';
import { KeepalivedModel, type KeepalivedModelInput, VrrpPassword } from './keepalived-model.ts';
import { sealed } from './managed-file.ts';

const secretsSchema = z.strictObject({ password: z.instanceof(Secret).optional() });

/**
 * Renders a whole configuration of keepalived (2.0 or later) for one virtual router. No host begins as master, and no
 * host takes the address back (`nopreempt`), so that a repaired host causes no second outage. Two masters are kept away
 * by priorities that differ, by peers that are named, and by adverts that answer a lower one at once.
 *
 * @throws InputError naming the field
 */
export function renderKeepalived(
  input: KeepalivedModelInput,
  secrets: { readonly password?: Secret | undefined } = {},
): string {
  parseArguments('renderKeepalived', secretsSchema, secrets);
  const { password } = secrets;
  const model = parseArguments('renderKeepalived', KeepalivedModel, input);
  const { router, script, scriptEvery, routerId, priority, advertInterval, source, peers, addresses } = model;
  const key = model.authenticated
    ? parseArguments('renderKeepalived', z.strictObject({ password: VrrpPassword }), {
        password: password?.reveal(),
      }).password
    : undefined;
  const version = advertInterval % 1_000 === 0 && !source.includes(':') ? 2 : 3;
  const lines = [
    'global_defs {',
    `    router_id ${router}`,
    '    enable_script_security',
    '    script_user root',
    `    vrrp_version ${version}`,
    // A master that hears a lower one says so at once, and tells the network again where the address is.
    '    vrrp_higher_prio_send_advert true',
    '    vrrp_garp_lower_prio_repeat 2',
    '}',
    '',
    'vrrp_script balancer {',
    `    script "${script}"`,
    `    interval ${scriptEvery / 1_000}`,
    `    timeout ${scriptEvery / 1_000 + 1}`,
    // It asks twice by itself. Coming back takes longer: a balancer that flaps must not get the address.
    '    fall 1',
    '    rise 3',
    '    init_fail',
    '}',
    '',
    'vrrp_instance vip {',
    '    state BACKUP',
    '    nopreempt',
    `    interface ${model.interface}`,
    `    virtual_router_id ${routerId}`,
    `    priority ${priority}`,
    `    advert_int ${advertInterval / 1_000}`,
    '    garp_master_delay 1',
    '    garp_master_refresh 10',
    ...(peers === undefined
      ? [`    mcast_src_ip ${source}`]
      : [
          `    unicast_src_ip ${source}`,
          '    unicast_peer {',
          ...peers.map((peer) => `        ${peer}`),
          '    }',
        ]),
    ...(key === undefined
      ? []
      : ['    authentication {', '        auth_type PASS', `        auth_pass ${key}`, '    }']),
    '    virtual_ipaddress {',
    ...addresses.map(({ address, prefix }) => `        ${address}/${prefix} dev ${model.interface}`),
    '    }',
    '    track_script {',
    '        balancer',
    '    }',
    '}',
  ];
  return sealed('keepalived', model, `${lines.join('\n')}\n`);
}

export const BalancerCheckModel = z.strictObject({ socket: filePath });
export type BalancerCheckInput = Readonly<z.input<typeof BalancerCheckModel>>;

/**
 * Renders the script that tells keepalived whether HAProxy serves. It asks over the runtime socket, since a frozen
 * process still exists and its kernel still accepts connections. A dead process is noticed at once, a frozen one after
 * 0.8 s.
 *
 * A balancer that sees no server up does not serve either, most likely because it is cut off. It gives the address
 * away, so that there are not two masters when it is back.
 *
 * @throws InputError naming the field
 */
export function renderBalancerCheck(input: BalancerCheckInput): string {
  const model = parseArguments('renderBalancerCheck', BalancerCheckModel, input);
  const body = `#!/bin/sh
# Column 2 is the server's name, 18 its status.
ask() {
    echo 'show stat' | timeout 0.4 socat -t 1 - UNIX-CONNECT:${model.socket} 2>/dev/null |
        awk -F, '$2 != "FRONTEND" && $2 != "BACKEND" && ($18 ~ /^UP/ || $18 == "no check") { up = 1 } END { exit !up }'
}
ask || ask
`;
  return sealed('check', model, body);
}
