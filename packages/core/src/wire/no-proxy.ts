import { BlockList, isIP } from 'node:net';

/**
 * Reads a list as `NO_PROXY` has it, separated by commas or blanks: names, which mean their subdomains too,
 * addresses, networks (`10.0.0.0/8`, as requests has it and openstacksdk with it), and `*`. One with a port means
 * that port only.
 *
 * @returns whether a URL is to be reached without the proxy
 */
export function noProxy(list: string): (url: URL) => boolean {
  const rules = list
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .map(rule);
  return (url) => {
    const host = bare(url.hostname.toLowerCase());
    const port = url.port || (url.protocol === 'https:' ? '443' : '80');
    return rules.some((matches) => matches(host, port));
  };
}

type Rule = (host: string, port: string) => boolean;

function rule(entry: string): Rule {
  if (entry === '*') return () => true;
  const [, address = '', prefix] = /^(.+)\/(\d+)$/.exec(entry) ?? [];
  if (prefix !== undefined) return network(address, Number(prefix));
  const [, before, port] = isIP(entry) === 0 ? (/^(.+):(\d+)$/.exec(entry) ?? []) : [];
  const name = bare((before ?? entry).toLowerCase()).replace(/^\*?\./, '');
  return (host, asked) =>
    (port === undefined || port === asked) && (host === name || host.endsWith(`.${name}`));
}

function network(address: string, prefix: number): Rule {
  const version = isIP(address);
  if (version === 0 || prefix > (version === 4 ? 32 : 128)) return () => false;
  const type = version === 4 ? 'ipv4' : 'ipv6';
  const addresses = new BlockList();
  addresses.addSubnet(address, prefix, type);
  return (host) => isIP(host) === version && addresses.check(host, type);
}

/** An IPv6 address without its brackets. */
const bare = (host: string): string => host.replace(/^\[(.*)\]$/, '$1');
