import { badRequest } from '../../../fault.ts';
import { type Json, str } from '../../../wire.ts';
import { rangeOf } from '../../network/addresses.ts';

/**
 * Translates a rule of nova-network into a request to Neutron, or refuses it as Nova does
 * (`security_group_api._new_ingress_rule`).
 */
export function ingressRule(given: Json): Json {
  const group = given['group_id'] ?? null;
  const protocol = given['ip_protocol'] ? str(given['ip_protocol']) : null;
  const kind = protocol?.toUpperCase() ?? '';
  const cidr = group === null ? cidrOf(given['cidr']) : null;
  const [from, to] = portsOf(given, group !== null, kind);
  const source = { remote_group_id: group, remote_ip_prefix: cidr };
  if (protocol === null || from === null || to === null) {
    if (group === null) throw badRequest('Not enough parameters to build a valid rule.');
    return { direction: 'ingress', ethertype: 'IPv4', ...source };
  }
  const [low, high] = [whole(from, kind), whole(to, kind)];
  if (!['TCP', 'UDP', 'ICMP'].includes(kind)) throw badRequest(`Invalid IP protocol ${protocol}.`);
  requireRange(kind, low, high);
  // -1 means "any" for Nova; Neutron has no value for it.
  const ports = low === -1 ? {} : { port_range_min: low, port_range_max: high === -1 ? null : high };
  const ethertype = cidr?.includes(':') === true ? 'IPv6' : 'IPv4';
  return { direction: 'ingress', ethertype, protocol, ...ports, ...source };
}

/** The ports that are named. From a group everything comes in, unless ports were named. */
function portsOf(given: Json, ofGroup: boolean, kind: string): readonly [unknown, unknown] {
  const [from, to] = [given['from_port'] ?? null, given['to_port'] ?? null];
  if (!ofGroup || from !== null || to !== null) return [from, to];
  if (kind === 'ICMP') return [-1, -1];
  return kind === 'TCP' || kind === 'UDP' ? [1, 65_535] : [from, to];
}

function requireRange(kind: string, low: number, high: number): void {
  const refuse = (why: string): never => {
    throw badRequest(`Invalid port range ${low}:${high}. ${why}`);
  };
  if (kind === 'ICMP') {
    if (low < -1 || low > 255 || high < -1 || high > 255) refuse('For ICMP, the type:code must be valid');
    return;
  }
  if (low > high) refuse('Former value cannot be greater than the later');
  if (low < 1 || high > 65_535) refuse(`Valid ${kind} ports should be between 1-65535`);
}

/** Tells whether a rule of Neutron is the one that is wanted. */
export const noSuchRule =
  (wanted: Json) =>
  (rule: Json): boolean =>
    ['direction', 'protocol', 'port_range_min', 'port_range_max', 'remote_group_id'].every(
      (name) => (rule[name] ?? null) === (wanted[name] ?? null),
    ) && (rule['remote_ip_prefix'] ?? '0.0.0.0/0') === (wanted['remote_ip_prefix'] ?? '0.0.0.0/0');

function cidrOf(value: unknown): string {
  const cidr = value ? decodeURIComponent(str(value)) : '0.0.0.0/0';
  if (!cidr.includes('/') || rangeOf(cidr) === undefined)
    throw badRequest(`${cidr} is not a valid IP network.`);
  const [net = '', prefix] = cidr.split('/');
  if (prefix === '0' && net !== '0.0.0.0' && net !== '::')
    throw badRequest(`Bad prefix for network in cidr ${cidr}`);
  return cidr;
}

function whole(value: unknown, kind: string): number {
  const text = str(value).trim();
  if (/^[+-]?\d+$/.test(text)) return Number(text);
  throw badRequest(
    kind === 'ICMP'
      ? 'Invalid input received: Type and Code must be integers for ICMP protocol type'
      : 'Invalid input received: To and From ports must be integers',
  );
}
